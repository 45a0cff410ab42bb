import { type Directive, type EventLog, type StoredRecord, TOPICS } from '@kenal/contracts';
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
  /** Read again what was handed over before, from an offset on to before another, some hundred at a time. */
  eachFrom(from: number, end: number, take: (page: readonly StoredDirective[]) => Promise<void>): Promise<void>;
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

  function decoded({ value, offset }: StoredRecord): StoredDirective[] {
    try {
      return [{ directive: codec.decode(value), offset }];
    } catch (error) {
      onUnreadable(offset, error);
      return [];
    }
  }

  const read = (offset: number) => log.read({ topic: TOPIC, partition: 0, offset }, { records: READ_RECORDS });

  async function readOn(): Promise<void> {
    for (;;) {
      const records = await read(next);
      if (records.length === 0) return;
      for (const record of records) {
        for (const stored of decoded(record)) onDirective(stored);
        next = record.offset + 1;
      }
    }
  }

  async function eachFrom(
    from: number,
    end: number,
    take: (page: readonly StoredDirective[]) => Promise<void>,
  ): Promise<void> {
    for (let at = from; at < end; ) {
      const records = (await read(at)).filter(({ offset }) => offset < end);
      const last = records.at(-1);
      if (last === undefined) return;
      await take(records.flatMap(decoded));
      at = last.offset + 1;
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
    eachFrom,
  };
}
