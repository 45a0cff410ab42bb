import { setImmediate } from 'node:timers/promises';
import {
  type Clock,
  type Directive,
  type EventLog,
  type IdentifierKey,
  MICROS_PER_SECOND,
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
  readonly pairs: Iterable<StandingPair>;
  /** Keyed hash of an identifier → when it was erased last. */
  readonly erased: ReadonlyMap<string, Micros>;
  /** When the newest directive was issued, but for those of a clock that is wrong by more than an hour; 0 where there is none. */
  readonly newest: Micros;
}

/** What holds, as far as it was read. */
interface Folded {
  readonly words: Map<string, Word>;
  readonly erased: Map<string, Micros>;
  newest: Micros;
}

interface Word extends StandingPair {
  readonly issuedAt: Micros;
  readonly id: string;
}

const TOPIC = TOPICS.directives.name;
const READ_RECORDS = 500;
/** A time further ahead is a fault that is not passed on: until then an erasure would take what comes in. */
const MOST_SKEW = 3_600 * MICROS_PER_SECOND;

/**
 * Folds the directives as they stand in the log; each call reads what came since. Links by probability are left out, so
 * what is kept is what people decided.
 */
export function createStanding(log: EventLog, clock: Clock): (workspace: string) => Promise<Standing> {
  const { decode } = createCodec<Directive>('directive');
  const workspaces = new Map<string, Folded>();
  const next = new Map<number, number>();
  let reading: Promise<void> = Promise.resolve();

  const of = (workspace: string): Folded => {
    const known = workspaces.get(workspace) ?? { words: new Map(), erased: new Map(), newest: 0 };
    workspaces.set(workspace, known);
    return known;
  };

  function take({ id, workspace, issuedAt, pairs, erased }: Directive): void {
    const folded = of(workspace);
    if (issuedAt < clock() + MOST_SKEW) folded.newest = Math.max(folded.newest, issuedAt);
    for (const hash of erased) folded.erased.set(hash, Math.max(folded.erased.get(hash) ?? 0, issuedAt));
    for (const { a, b, verb } of pairs) {
      if (verb === 'link') continue;
      const name = pairName(a, b);
      const before = folded.words.get(name);
      const isLater =
        before === undefined || issuedAt > before.issuedAt || (issuedAt === before.issuedAt && id > before.id);
      if (isLater) folded.words.set(name, { a, b, verb, issuedAt, id });
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
    const { words, erased, newest } = of(workspace);
    return { pairs: words.values(), erased, newest };
  };
}

function readable(decode: (bytes: Uint8Array) => Directive, value: Uint8Array): Directive | null {
  try {
    return decode(value);
  } catch {
    return null; // the loader reports it
  }
}
