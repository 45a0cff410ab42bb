import { IDENTIFIER_TYPES } from '@kenal/contracts';
import { COLUMN_KINDS, type ColumnKind } from '../table.ts';

/** A column of the records of live profiles. */
export interface RecordColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Something that a source says of a person, by the name that it has there. */
export interface Cell {
  readonly name: string;
  /** JSON text of a trait, the normalised value of an identifier. */
  readonly text: string;
}

/**
 * Traits that say who somebody is, by their usual names: `firstName`, `first_name` and `fname` are one column, so that two
 * systems can be compared. Names are tried as `snake_case`, parts of an object behind its name: `address.postalCode` →
 * `address_postal_code`. Where a record has several of a column, the pattern that stands first counts.
 */
const BY_COLUMN: readonly (readonly [column: string, ...names: readonly RegExp[]])[] = [
  ['given_name', /^(given|first|fore|christian)_?names?$/, /^f_?name$/],
  ['middle_name', /^middle_?names?$/],
  ['family_name', /^(family|last|sur)_?names?$/, /^l_?name$/],
  ['name_suffix', /^(name_)?suffix$/],
  ['full_name', /^(full|display|person|customer|contact)_?name$/, /^name$/],
  ['birth_date', /^birth_?(date|day)$/, /^date_of_birth$/, /^d_?o_?b$/],
  ['gender', /^gender$/, /^sex$/],
  ['email', /^e_?mail(_address)?$/],
  ['phone', /^(phone|mobile|telephone|cell)(_?(number|phone|no))?$/],
  ['street', /^(address_)?street(_address)?$/, /^address(_line)?_?1$/, /^address$/],
  ['street_2', /^address(_line)?_?2$/],
  ['street_number', /^(address_)?(street|house|building)_?(number|no)$/],
  ['city', /^(address_)?(city|town|locality|suburb|village)$/],
  ['postcode', /^(address_)?(post_?code|postal_?code|zip(_?code)?)$/],
  ['state', /^(address_)?(state|province|region|county)$/],
  ['country', /^(address_)?country(_?code)?$/],
  ['birth_place', /^(birth_?place|place_?of_?birth)$/],
  ['nationality', /^nationality$/],
  ['occupation', /^(occupation|profession)$/],
];

/** Names of those columns. */
export const CELL_COLUMNS: readonly string[] = BY_COLUMN.map(([column]) => column);

/** Identifiers that say who somebody is beyond that they are the same: those of a browser, an account or a card do not. */
const COMPARED: readonly string[] = ['email', 'phone', 'address'];
const IDENTIFIER_COLUMN: Readonly<Record<string, string>> = { address: 'street' };

/** Columns of every record of a workspace, in the order of their names. @param more traits that are compared under their own names */
export function columnsOfRecords(types: readonly string[], more: readonly string[]): readonly RecordColumn[] {
  const declared = types.filter((type) => !(IDENTIFIER_TYPES as readonly string[]).includes(type));
  const identifiers = new Set(['email', 'phone', ...declared]);
  const names = new Set([...CELL_COLUMNS, ...identifiers, ...more]);
  return [...names].sort().map((name) => ({
    name,
    kind: identifiers.has(name) ? COLUMN_KINDS.identifier : COLUMN_KINDS.trait,
  }));
}

/**
 * A record of a source: column → text. The same for what the warehouse and what the identity state knows.
 * @param columns as {@link columnsOfRecords} gives them; everything else is left out
 */
export function cellsOf(
  columns: readonly RecordColumn[],
  traits: readonly Cell[],
  identifiers: readonly Cell[],
): Record<string, string> {
  const known = new Set(columns.map(({ name }) => name));
  const cells: Record<string, string> = {};
  for (const { name: type, text } of identifiers) {
    if ((IDENTIFIER_TYPES as readonly string[]).includes(type) && !COMPARED.includes(type)) continue;
    const column = IDENTIFIER_COLUMN[type] ?? type;
    if (known.has(column)) cells[column] = text;
  }
  const found = new Map<string, { rank: number; name: string; text: string }>();
  for (const { name, text } of traits.flatMap(flatten)) {
    const { column, rank } = columnOf(name, known);
    if (column === null || text === '') continue;
    const before = found.get(column);
    const isBetter =
      before === undefined || rank < before.rank || (rank === before.rank && compare(name, before.name) < 0);
    if (isBetter) found.set(column, { rank, name, text });
  }
  // An identifier is the normalised form of the same thing
  for (const [column, { text }] of found) cells[column] ??= text;
  return cells;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function columnOf(trait: string, known: ReadonlySet<string>): { column: string | null; rank: number } {
  if (known.has(trait)) return { column: trait, rank: -1 };
  const name = snakeCase(trait);
  for (const [column, ...patterns] of BY_COLUMN) {
    const rank = patterns.findIndex((pattern) => pattern.test(name));
    if (rank >= 0) return { column: known.has(column) ? column : null, rank };
  }
  return { column: null, rank: 0 };
}

/** `postalCode` → `postal_code`, `DOB` → `dob` */
function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** Text of a trait, and of the parts of an object one level down; lists, truths and nulls say nothing. */
function flatten({ name, text }: Cell): readonly Cell[] {
  const value = parse(text);
  const own = textOf(value);
  if (own !== null) return [{ name, text: own }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([part, inner]) => {
    const inside = textOf(inner);
    return inside === null ? [] : [{ name: `${name}.${part}`, text: inside }];
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : null;
}
