import { askedAt, type Directive, type Micros } from '@kenal/contracts';

/** A word that holds until a later one, by (issuedAt, directive id). */
interface Word<T> {
  readonly at: Micros;
  readonly id: string;
  readonly value: T;
}

export interface RulesetWord {
  /** Id of the directive. */
  readonly id: string;
  /** `identity` of the workspace as JSON. */
  readonly document: string;
  /** Hash of the configured rules that it took the place of. */
  readonly base: string;
}

/** What directives say of a workspace as a whole. */
export interface Register {
  readonly revokedSources: ReadonlySet<string>;
  /** Keyed hash of an identifier → the place of the last erasure of it among the directives. */
  readonly erasures: ReadonlyMap<string, Micros>;
  /** The same → when it was asked for last: what happened before is the erased one's. */
  readonly erasureCuts: ReadonlyMap<string, Micros>;
  readonly ruleset: RulesetWord | null;
  /** The model of the probabilistic pass in force, as JSON. */
  readonly model: string | null;
}

/** The fold over the directives of a workspace: the same set in any order, any of them twice, gives the same register. */
export interface RegisterFold extends Register {
  /** @returns whether the rules by which people are told apart may differ from before */
  take(directive: Directive): boolean;
}

export function createRegister(): RegisterFold {
  const sources = new Map<string, Word<boolean>>();
  const revokedSources = new Set<string>();
  const erasures = new Map<string, Micros>();
  const erasureCuts = new Map<string, Micros>();
  let ruleset: Word<RulesetWord> | null = null;
  let model: Word<string> | null = null;

  function takeSource(source: string, word: Word<boolean>): boolean {
    if (!isLater(word, sources.get(source))) return false;
    const before = revokedSources.has(source);
    sources.set(source, word);
    if (word.value) revokedSources.add(source);
    else revokedSources.delete(source);
    return before !== word.value;
  }

  function take(directive: Directive): boolean {
    const { id, issuedAt: at, kind, source, document } = directive;
    if (kind === 'erase') {
      const cut = askedAt(directive);
      for (const hash of directive.erased) {
        erasures.set(hash, Math.max(at, erasures.get(hash) ?? at));
        erasureCuts.set(hash, Math.max(cut, erasureCuts.get(hash) ?? cut));
      }
      return false;
    }
    if ((kind === 'revoke' || kind === 'clear') && source !== null)
      return takeSource(source, { at, id, value: kind === 'revoke' });
    if (document === null) return false;
    if (kind === 'ruleset') {
      const word = { at, id, value: { id, document, base: directive.base ?? '' } };
      if (!isLater(word, ruleset)) return false;
      ruleset = word;
      return true;
    }
    if (kind !== 'model' || !isLater({ at, id, value: document }, model)) return false;
    model = { at, id, value: document };
    return true;
  }

  return {
    revokedSources,
    erasures,
    erasureCuts,
    get ruleset() {
      return ruleset?.value ?? null;
    },
    get model() {
      return model?.value ?? null;
    },
    take,
  };
}

function isLater<T>(word: Word<T>, known: Word<T> | null | undefined): boolean {
  return known == null || word.at > known.at || (word.at === known.at && word.id > known.id);
}
