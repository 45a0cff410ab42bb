/** What is true of one person, as far as the events that were made let anybody know it. */
export interface PersonTruth {
  readonly person: string;
  /** Normalised identifiers (`type:value`) that events tie together: identity resolution must put them into one profile. */
  readonly identifiers: readonly string[];
  /** Groups that no event ties to the others, e.g. a browser that never signed in. Each is a profile of its own. */
  readonly loose: readonly (readonly string[])[];
  /** Identifiers that another person uses too; whose they become is decided by the rules. */
  readonly shared: readonly string[];
}

export interface TruthBook {
  note(person: string, carries: readonly string[]): void;
  people(): Iterable<PersonTruth>;
}

/** @param shared identifiers known to belong to several people: they tie nothing together */
export function createTruthBook(shared: ReadonlySet<string>): TruthBook {
  const groups = new Map<string, Set<string>[]>();
  const known = new Map<string, Set<string>>();
  return {
    note: (person, carries) => {
      const seen = known.get(person) ?? new Set();
      known.set(person, seen);
      const signature = carries.join(' ');
      if (seen.has(signature)) return;
      seen.add(signature);
      groups.set(
        person,
        join(
          groups.get(person) ?? [],
          carries.filter((key) => !shared.has(key)),
        ),
      );
    },
    people: function* () {
      for (const [person, parts] of groups) {
        const sorted = parts.map((part) => [...part].sort()).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
        const used = [...(known.get(person) ?? [])].flatMap((signature) => signature.split(' '));
        yield {
          person,
          identifiers: sorted[0] ?? [],
          loose: sorted.slice(1),
          shared: [...new Set(used.filter((key) => shared.has(key)))].sort(),
        };
      }
    },
  };
}

function join(parts: readonly Set<string>[], keys: readonly string[]): Set<string>[] {
  if (keys.length === 0) return [...parts];
  const merged = new Set(keys);
  const others = parts.filter((part) => {
    if (!keys.some((key) => part.has(key))) return true;
    for (const key of part) merged.add(key);
    return false;
  });
  return [...others, merged];
}
