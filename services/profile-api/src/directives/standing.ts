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

/** Whose word it is, and why. */
export interface Word extends Pick<Directive, 'id' | 'kind' | 'issuedAt' | 'actor' | 'reason'> {}

export interface PairWord extends StandingPair, Word {}

/** What holds in a workspace, by the log. */
export interface Standing {
  /** Last word on each pair; links by probability are none. */
  readonly pairs: Iterable<PairWord>;
  /** The same on one pair. */
  on(one: IdentifierKey, other: IdentifierKey): PairWord | null;
  /** Last word on each source: of kind revoke or clear. */
  readonly sources: ReadonlyMap<string, Word>;
  /** Keyed hash of an identifier → when its last erasure was asked for. */
  readonly erased: ReadonlyMap<string, Micros>;
  /** When the newest directive was issued, but for those of a clock that is wrong by more than an hour; 0 where there is none. */
  readonly newest: Micros;
}

/** What holds, as far as it was read. */
interface Folded {
  readonly words: Map<string, PairWord>;
  readonly sources: Map<string, Word>;
  readonly erased: Map<string, Micros>;
  newest: Micros;
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
    const known = workspaces.get(workspace) ?? { words: new Map(), sources: new Map(), erased: new Map(), newest: 0 };
    workspaces.set(workspace, known);
    return known;
  };

  return {
    take(directive) {
      const { id, workspace, issuedAt, kind, actor, reason, source, pairs, erased } = directive;
      const word: Word = { id, kind, issuedAt, actor, reason };
      const own = folded(workspace);
      if (issuedAt < clock() + MOST_SKEW) own.newest = Math.max(own.newest, issuedAt);
      const asked = askedAt(directive);
      for (const hash of erased) own.erased.set(hash, Math.max(own.erased.get(hash) ?? 0, asked));
      for (const { a, b, verb } of pairs) {
        if (verb === 'link') continue;
        const name = pairName(a, b);
        if (isLater(word, own.words.get(name))) own.words.set(name, { a, b, verb, ...word });
      }
      if (source !== null && isLater(word, own.sources.get(source))) own.sources.set(source, word);
    },
    of(workspace) {
      const { words, sources, erased, newest } = folded(workspace);
      const on = (one: IdentifierKey, other: IdentifierKey) => words.get(pairName(one, other)) ?? null;
      return { pairs: words.values(), on, sources, erased, newest };
    },
  };
}

function isLater({ issuedAt, id }: Word, before: Word | undefined): boolean {
  return before === undefined || issuedAt > before.issuedAt || (issuedAt === before.issuedAt && id > before.id);
}

/** @param feed hands its directives to `fold` */
export function createStanding(fold: StandingFold, feed: TopicFeed<Directive>): AskStanding {
  return async (workspace) => {
    await feed.catchUp();
    return fold.of(workspace);
  };
}
