import { setImmediate } from 'node:timers/promises';
import {
  type Directive,
  type EventLog,
  type IdentifierKey,
  type Micros,
  type PairVerb,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { pairName } from './pairs.ts';

/** What a person has decided of two identifiers, and holds. */
export interface StandingPair {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly verb: PairVerb;
}

/** What holds in a workspace, by the log. */
export interface Standing {
  /** Last word on each pair; links by probability are none. */
  readonly pairs: readonly StandingPair[];
  /** When the newest directive was issued; 0 where there is none. */
  readonly newest: Micros;
}

interface Word extends StandingPair {
  readonly issuedAt: Micros;
  readonly id: string;
}

const TOPIC = TOPICS.directives.name;
const READ_RECORDS = 500;

/**
 * Folds the directives as they stand in the log; each call reads what came since. Links by probability are left out, so
 * what is kept is what people decided.
 */
export function createStanding(log: EventLog): (workspace: string) => Promise<Standing> {
  const { decode } = createCodec<Directive>('directive');
  const words = new Map<string, Map<string, Word>>();
  const newest = new Map<string, Micros>();
  const next = new Map<number, number>();
  let reading: Promise<void> = Promise.resolve();

  function take({ id, workspace, issuedAt, pairs }: Directive): void {
    newest.set(workspace, Math.max(newest.get(workspace) ?? 0, issuedAt));
    const known = words.get(workspace) ?? new Map<string, Word>();
    words.set(workspace, known);
    for (const { a, b, verb } of pairs) {
      if (verb === 'link') continue;
      const name = pairName(a, b);
      const before = known.get(name);
      const isLater =
        before === undefined || issuedAt > before.issuedAt || (issuedAt === before.issuedAt && id > before.id);
      if (isLater) known.set(name, { a, b, verb, issuedAt, id });
    }
  }

  async function catchUp(): Promise<void> {
    for (const { topic, partition, earliest, latest } of await log.ranges(TOPIC)) {
      let offset = Math.max(next.get(partition) ?? 0, earliest);
      while (offset < latest) {
        const records = await log.read({ topic, partition, offset }, { records: READ_RECORDS });
        const last = records.at(-1);
        if (last === undefined) break;
        for (const { value } of records) {
          const directive = readable(decode, value);
          if (directive !== null) take(directive);
        }
        offset = last.offset + 1;
        next.set(partition, offset);
        await setImmediate(); // reads of the embedded log are synchronous: let others in between
      }
    }
  }

  return async (workspace) => {
    reading = reading.catch(() => undefined).then(catchUp);
    await reading;
    return { pairs: [...(words.get(workspace)?.values() ?? [])], newest: newest.get(workspace) ?? 0 };
  };
}

function readable(decode: (bytes: Uint8Array) => Directive, value: Uint8Array): Directive | null {
  try {
    return decode(value);
  } catch {
    return null; // the loader reports it
  }
}
