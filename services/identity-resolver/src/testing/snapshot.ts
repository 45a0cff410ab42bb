import type { IdentityState } from '@kenal/contracts';
import { type IdentityRules, identifiersOf } from '@kenal/identity';

/**
 * All that a state has of a workspace, as plain data. Left out are versions, which depend on arrival, and the notes of which
 * types were ever parked on a centre; what is parked must be among them.
 */
interface Snapshot {
  /** Fields of each component in their order, the components in the order of their first field. */
  readonly components: readonly (readonly string[])[];
  /** `centre leaf rank text` of everything on a shelf; text null where the leaf has a component of its own. */
  readonly shelves: readonly string[];
}

/** The same with what came to be on the way: it depends on what was decided in one batch. */
export interface FullSnapshot extends Snapshot {
  /** Fields of profiles that are gone. */
  readonly past: readonly string[];
  /** `profile anchor` of every id that was ever given and leads somewhere. */
  readonly issued: readonly string[];
}

export function today({ components, shelves }: FullSnapshot): Snapshot {
  return { components, shelves };
}

export async function snapshotOf(state: IdentityState, workspace: string, rules: IdentityRules): Promise<FullSnapshot> {
  const components = new Map<string, string[]>();
  const noted = new Map<string, string[]>();
  const past: string[] = [];
  const keys = new Set<string>();
  const ids = new Set<string>();
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(workspace, cursor);
    for (const { id, fields } of page.components) {
      if (id.startsWith('*')) continue; // a note of the resolver's own
      for (const key of identifiersOf(fields)) keys.add(key);
      for (const [field] of fields) if (field[0] === 'p') ids.add(field.slice(2));
      for (const [field, text] of fields) if (field[0] === 'k') noted.set(field.slice(2), text.split(/=\w*,?|,/));
      const lasting = [...fields].filter(([field]) => field[0] !== 'k');
      const plain = lasting.map(([field, text]) => `${field} ${withoutVersion(field, text)}`);
      past.push(...plain.filter(isPast));
      const today = plain.filter((one) => !isPast(one));
      if (today.length > 0) components.set(id, today.sort());
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  const shelves: string[] = [];
  const queries = Array.from(keys, (centre) => ({ centre, limit: 1e6 }));
  for (let i = 0; i < queries.length; i += 500) {
    const loaded = await state.load(workspace, [], queries.slice(i, i + 500));
    for (const [centre, { entries, size }] of loaded.shelves) {
      if (entries.length !== size) throw new Error(`the shelf of ${centre} has ${entries.length} of ${size} entries`);
      for (const { leaf, rank, text } of entries) {
        keys.add(leaf);
        if (text !== null && !noted.get(centre)?.includes(leaf.slice(0, leaf.indexOf(':'))))
          throw new Error(`${leaf} is parked on ${centre}, which does not know of its type`);
        shelves.push(`${centre} ${leaf} ${rank} ${text}`);
      }
    }
  }
  for (const key of keys) ids.add(rules.profileIdOf(key));
  const issued: string[] = [];
  for (const id of ids) {
    const anchor = await state.anchor(workspace, id);
    if (anchor !== null) issued.push(`${id} ${anchor}`);
  }
  const sorted = [...components.values()].sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  return { components: sorted, shelves: shelves.sort(), past: past.sort(), issued: issued.sort() };
}

/** `p|<profile> ||<anchor>`: no hash. */
const isPast = (plain: string): boolean => /^p\|[^ ]+ \|\|/.test(plain);

/** a: `profile|version`; p: `version|hash|anchor`; h: version. */
function withoutVersion(field: string, text: string): string {
  if (field[0] === 'a') return text.slice(0, text.lastIndexOf('|'));
  if (field[0] === 'p') return text.slice(text.indexOf('|'));
  return field[0] === 'h' ? '' : text;
}
