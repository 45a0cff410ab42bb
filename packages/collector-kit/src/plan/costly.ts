import { isRecord, type JsonRecord } from '../json/inspect.ts';

const DEFS = '#/$defs/';

/**
 * What of a group could make the check of one small event take seconds: a definition that leads to itself (a union of two
 * such doubles the work with each level of the event), and `uniqueItems` (each element against each other).
 * @returns the sentence to refuse it with, or null
 */
export function costlyPart(
  events: Readonly<Record<string, unknown>>,
  defs: Readonly<Record<string, unknown>>,
): string | null {
  const leads = new Map(Object.entries(defs).map(([name, schema]) => [name, refsIn(schema)]));
  for (const name of leads.keys())
    if (reaches(name, name, leads)) return `$defs.${name} leads to itself; spell out as many levels as there are`;
  const unique = Object.entries({ ...defs, ...events }).find(([, schema]) => holds(schema, 'uniqueItems'));
  return unique === undefined ? null : `${unique[0]}: uniqueItems is not taken: it compares each element with each`;
}

function refsIn(schema: unknown): readonly string[] {
  return nodesOf(schema).flatMap(({ $ref: ref }) =>
    typeof ref === 'string' && ref.startsWith(DEFS) ? [ref.slice(DEFS.length)] : [],
  );
}

function holds(schema: unknown, keyword: string): boolean {
  return nodesOf(schema).some((node) => Object.hasOwn(node, keyword));
}

function reaches(from: string, to: string, leads: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(leads.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(leads.get(next) ?? []));
  }
  return false;
}

/** Every record of it. */
function nodesOf(schema: unknown): readonly JsonRecord[] {
  if (Array.isArray(schema)) return schema.flatMap(nodesOf);
  return isRecord(schema) ? [schema, ...Object.values(schema).flatMap(nodesOf)] : [];
}
