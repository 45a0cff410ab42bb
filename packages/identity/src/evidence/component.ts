import type { IdentifierKey, Micros, PairVerb } from '@kenal/contracts';
import type { Assigned, Published } from './fields.ts';
import type { Span, Stamp } from './span.ts';

/** What a link is made of. */
export const LINK_CLASSES = {
  /** Somebody decided it. */
  must: 'must',
  /** Both stood in one interaction. */
  deterministic: 'deterministic',
  /** A model finds it likely. */
  probabilistic: 'probabilistic',
} as const;
export type LinkClass = (typeof LINK_CLASSES)[keyof typeof LINK_CLASSES];

/** What is known of one identifier, over all sources. */
export interface Sighted {
  readonly key: IdentifierKey;
  readonly type: string;
  /** First and last event that it stood in. */
  first: Micros;
  last: Micros;
  /** Interactions that it owned; null where it never was the strongest identifier of one. */
  owned: { first: Micros; last: Micros } | null;
}

/** Two identifiers of one interaction, over all sources that count; a < b. */
export interface Link {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  first: Micros;
  last: Micros;
}

/** What was decided of a pair. */
export interface Decided {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly verb: PairVerb;
  readonly issuedAt: Micros;
  readonly directive: string;
}

/** A link of the probabilistic pass. */
export interface Scored {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly weight: number;
  readonly detail: string;
  readonly issuedAt: Micros;
  readonly directive: string;
}

/** First and last word of one source on one trait of one owner; beside it another register with the longest one where a rule asks. */
export interface TraitRegister {
  readonly trait: string;
  readonly source: string;
  readonly span: Span;
}

/** Last word of one source on one purpose, of one owner. */
export interface ConsentRegister {
  readonly purpose: string;
  readonly source: string;
  readonly stamp: Stamp;
}

/** What was computed last of one attribute. */
export interface ComputedRegister {
  readonly name: string;
  readonly stamp: Stamp;
}

/** What was published, and what its content is made of. */
export interface PublishedComponent {
  readonly traits: Map<IdentifierKey, TraitRegister[]>;
  readonly consents: Map<IdentifierKey, ConsentRegister[]>;
  /** By the anchor of the profile that it was computed of. */
  readonly computed: Map<IdentifierKey, ComputedRegister[]>;
  /** First spelling of an identifier that differs from its key. */
  readonly spellings: Map<IdentifierKey, Stamp>;
  readonly assigned: Map<IdentifierKey, Assigned>;
  readonly published: Map<string, Published>;
}

/** A connected component, decoded; without what revoked sources said and what revoked pairs are. */
export interface Component extends PublishedComponent {
  readonly sighted: Map<IdentifierKey, Sighted>;
  /** How many of each type are sighted: what cannot be need not be looked for. */
  readonly counts: Map<string, number>;
  /** By the two ends. */
  readonly links: Map<string, Link>;
  /** Links of which nothing counts; only the two ends mean something. */
  readonly dead: Map<string, Link>;
  readonly owned: Map<IdentifierKey, { first: Micros; last: Micros }>;
  readonly decided: Map<string, Decided>;
  /** Of the model in force. */
  readonly scored: Map<string, Scored>;
  /** Hashes of the people that an identifier was seen with (person-hash.ts). */
  readonly names: Map<IdentifierKey, Set<string>>;
  /** Identifiers that are more than the end of a link: owners, and all that somebody decided of. Counts or not. */
  readonly core: Set<IdentifierKey>;
  /** Hubs, as they were published. */
  readonly hubs: Set<IdentifierKey>;
  /** Those that have a component of their own. */
  readonly elsewhere: Set<IdentifierKey>;
  /** Which leaves are parked on which centre (shelf-types.ts). */
  readonly shelves: Map<IdentifierKey, string>;
}

export type Fields = ReadonlyMap<string, string>;

/** What does not count, and what does. */
export interface Masks {
  readonly revokedSources: ReadonlySet<string>;
  /** Version of the model whose links count; null = none. */
  readonly model: string | null;
  /** Whether an identifier is nobody's: nothing that was seen of it counts; null = none is. */
  readonly isBlocked: ((key: IdentifierKey) => boolean) | null;
}
