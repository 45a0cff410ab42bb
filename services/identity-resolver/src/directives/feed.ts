import { type Directive, type EventLog, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

const TOPIC = TOPICS.directives.name;
const READ_RECORDS = 500;

export interface StoredDirective {
  readonly directive: Directive;
  readonly offset: number;
}

/** The topic of directives, read by every resolver from its first record on. */
export interface DirectiveFeed {
  /** Offset of the next record to read. */
  readonly next: number;
  /** Read to the end; each directive is handed over once, in order. Calls run one after the other. */
  catchUp(): Promise<void>;
}

export interface DirectiveFeedOptions {
  readonly log: EventLog;
  readonly onDirective: (stored: StoredDirective) => void;
  readonly onUnreadable: (offset: number, error: unknown) => void;
}

export function createDirectiveFeed({ log, onDirective, onUnreadable }: DirectiveFeedOptions): DirectiveFeed {
  const codec = createCodec<Directive>('directive');
  let next = 0;
  let last: Promise<void> = Promise.resolve();

  function handOver(value: Uint8Array, offset: number): void {
    let directive: Directive;
    try {
      directive = codec.decode(value);
    } catch (error) {
      onUnreadable(offset, error);
      return;
    }
    onDirective({ directive, offset });
  }

  async function readOn(): Promise<void> {
    for (;;) {
      const records = await log.read({ topic: TOPIC, partition: 0, offset: next }, { records: READ_RECORDS });
      if (records.length === 0) return;
      for (const { value, offset } of records) {
        next = offset + 1;
        handOver(value, offset);
      }
    }
  }

  return {
    get next() {
      return next;
    },
    catchUp() {
      last = last.catch(() => undefined).then(readOn);
      return last;
    },
  };
}
