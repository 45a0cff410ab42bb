import {
  askedAt,
  type Clock,
  type Directive,
  type IdentifierKey,
  MICROS_PER_SECOND,
  type Micros,
  type PairVerb,
} from '@kenal/contracts';
import type { TopicFeed } from '@kenal/event-log';
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
  /** Keyed hash of an identifier → when its last erasure was asked for. */
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

/** A time further ahead is a fault that is not passed on. */
const MOST_SKEW = 3_600 * MICROS_PER_SECOND;

/** What holds in a workspace now, everything read that stands in the log. */
export type AskStanding = (workspace: string) => Promise<Standing>;

export interface StandingFold {
  take(directive: Directive): void;
  of(workspace: string): Standing;
}

/** Folds the directives. Links by probability are left out, so what is kept is what people decided. */
export function createStandingFold(clock: Clock): StandingFold {
  const workspaces = new Map<string, Folded>();

  const folded = (workspace: string): Folded => {
    const known = workspaces.get(workspace) ?? { words: new Map(), erased: new Map(), newest: 0 };
    workspaces.set(workspace, known);
    return known;
  };

  return {
    take(directive) {
      const { id, workspace, issuedAt, pairs, erased } = directive;
      const own = folded(workspace);
      if (issuedAt < clock() + MOST_SKEW) own.newest = Math.max(own.newest, issuedAt);
      const asked = askedAt(directive);
      for (const hash of erased) own.erased.set(hash, Math.max(own.erased.get(hash) ?? 0, asked));
      for (const { a, b, verb } of pairs) {
        if (verb === 'link') continue;
        const name = pairName(a, b);
        const before = own.words.get(name);
        const isLater =
          before === undefined || issuedAt > before.issuedAt || (issuedAt === before.issuedAt && id > before.id);
        if (isLater) own.words.set(name, { a, b, verb, issuedAt, id });
      }
    },
    of(workspace) {
      const { words, erased, newest } = folded(workspace);
      return { pairs: words.values(), erased, newest };
    },
  };
}

/** @param feed hands its directives to `fold` */
export function createStanding(fold: StandingFold, feed: TopicFeed<Directive>): AskStanding {
  return async (workspace) => {
    await feed.catchUp();
    return fold.of(workspace);
  };
}
