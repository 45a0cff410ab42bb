import type { IdentifierKey, ParkedLeaf } from '@kenal/contracts';
import { createGroups } from '../cluster/oversize.ts';
import type { Fields } from '../evidence/component.ts';
import { evidenceKind, partOf } from '../evidence/fields.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';

/** Evidence that says who is who. Traits, spellings and consent do not, and are most of what is stored. */
const SAYS_WHO = 'oldwn';

/** Evidence that hangs together, in whatever components hubs have it kept. */
export interface Families {
  /**
   * @param fields of a component, as the state keeps them; @param parked leaves that are parked on its identifiers
   * @returns its evidence, where it hangs together with nothing else; null where it waits for the rest of its family
   */
  take(fields: Fields, parked: ReadonlyMap<IdentifierKey, ParkedLeaf>): Fields | null;
  /** Those that waited. */
  waiting(): Iterable<Fields>;
}

/** Only what hubs keep apart is held; its names and texts are all that it costs. */
export function createFamilies(): Families {
  const groups = createGroups();
  const parts: { readonly key: IdentifierKey; readonly evidence: Fields }[] = [];

  function join(evidence: Fields): void {
    let first: IdentifierKey | null = null;
    for (const field of evidence.keys()) {
      const key = partOf(field, 1);
      first ??= key;
      groups.join(first, key);
      if (field[0] !== 'o' && field[0] !== 'n') groups.join(first, partOf(field, 2));
    }
    if (first !== null) parts.push({ key: first, evidence });
  }

  return {
    take(fields, parked) {
      const evidence = new Map<string, string>();
      let isWhole = true;
      for (const [field, text] of fields) {
        if (field[0] === 'h' || field[0] === 'x') isWhole = false;
        put(evidence, field, text);
      }
      for (const [leaf, { centre, text }] of parked)
        for (const [field, value] of decodeLeaf(centre, leaf, text)) put(evidence, field, value);
      if (isWhole) return evidence;
      join(evidence);
      return null;
    },
    waiting() {
      const families = new Map<string, Map<string, string>>();
      for (const { key, evidence } of parts) {
        const name = groups.find(key);
        const family = families.get(name);
        if (family === undefined) families.set(name, new Map(evidence));
        else for (const [field, text] of evidence) family.set(field, text);
      }
      return families.values();
    },
  };
}

function put(evidence: Map<string, string>, field: string, text: string): void {
  if (evidenceKind(field) !== null && SAYS_WHO.includes(field[0]!)) evidence.set(field, text);
}

/** Identifiers of a component on which leaves are parked. */
export function shelvesIn(fields: Fields): IdentifierKey[] {
  const centres: IdentifierKey[] = [];
  for (const [field, types] of fields) if (field[0] === 'k' && types !== '') centres.push(partOf(field, 1));
  return centres;
}
