import { type LinkageRole, type LinkageSource, type LinkageSourcePlan, LINKAGE_ROLES as ROLES } from '@kenal/contracts';
import type { Column, ColumnKind } from '../table.ts';
import { fold, saysNothing } from '../text/fold.ts';
import { isDayFirst } from './dates.ts';
import { isOrganisation } from './organisations.ts';
import { recognise, type SampledColumn } from './recognise.ts';

const NAME_ROLES: readonly LinkageRole[] = [ROLES.given, ROLES.family, ROLES.middle, ROLES.suffix, ROLES.full];
const KIND_OF: Readonly<Partial<Record<LinkageRole, LinkageSource>>> = {
  ...{ birthDate: 'date', date: 'date', email: 'email', phone: 'phone', postcode: 'postcode', code: 'code' },
  ...{ number: 'number', place: 'place', text: 'text', category: 'category' },
};
const SAMPLE = 2_000;
/** Share of the records that have a name, from which on no other column is asked for it. */
const COMPLETE = 0.95;
/** Records that may have one document. */
const FEW = 8;
/** Sets of sources are bits of one number. */
const MOST_SOURCES = 32;

interface SeenColumn {
  readonly column: SampledColumn;
  readonly role: LinkageRole;
  readonly whole: Column;
  /** Records whose cell is not empty. */
  readonly filled: number;
  readonly distinct: number;
}

/** Which evidence the columns hold. Hangs on names and values alone, not on the order of columns or records. */
export function planSources(columns: readonly Column[]): readonly LinkageSourcePlan[] {
  const seen: readonly SeenColumn[] = [...columns].sort(byName).map((column) => {
    const filled = column.codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
    const sampled = { name: column.name, kind: column.kind, values: sampleOf(column) };
    return {
      column: sampled,
      whole: column,
      filled,
      distinct: column.size,
      role: recognise(sampled, column.size, filled),
    };
  });
  const plans: LinkageSourcePlan[] = [];
  const names = seen.filter(({ role, filled }) => NAME_ROLES.includes(role) && filled > 0);
  if (names.length > 0)
    plans.push({
      ...{ kind: 'name', name: 'name', dayFirst: false, identifies: false },
      columns: names
        .map(({ column, role }) => ({ name: column.name, role, length: averageLength(column.values) }))
        .sort((a, b) => a.length - b.length || (a.name < b.name ? -1 : 1))
        .map(({ name, role }) => ({ name, role }))
        .concat(addressesForNames(seen)),
    });
  const companies = seen.filter(({ role, filled }) => role === ROLES.organisation && filled > 0);
  if (
    companies.length > 0 ||
    names.some(({ column, role }) => role === ROLES.full && holdsOrganisations(column.values))
  )
    plans.push({
      ...{ kind: 'organisation', name: 'organisation', dayFirst: false, identifies: false },
      // Names of people say whose record it is
      columns: [...companies, ...names].map(({ column, role }) => ({ name: column.name, role })),
    });
  const streets = seen.filter(({ role, filled }) => role === ROLES.street && filled > 0);
  if (streets.length > 0)
    plans.push({
      ...{ kind: 'street', name: 'street', dayFirst: false, identifies: false },
      columns: streets.map(({ column, role }) => ({ name: column.name, role })),
    });
  for (const { column, role, filled, distinct } of seen) {
    const kind = KIND_OF[role];
    const isIdentifier = kind !== undefined && identifies(column.kind, kind, distinct / filled);
    // One value for all says nothing, but of the few who have a passport at all two may have the same
    if (kind === undefined || filled === 0 || (distinct < 2 && !(isIdentifier && filled <= FEW))) continue;
    plans.push({
      ...{ kind, name: column.name, columns: [{ name: column.name, role }] },
      dayFirst: kind === 'date' && isDayFirst(column.values),
      identifies: isIdentifier,
    });
  }
  return plans.slice(0, MOST_SOURCES);
}

/** The address for mail that completes names, where given or family names are often missing and nothing else has them. */
function addressesForNames(seen: readonly SeenColumn[]): LinkageSourcePlan['columns'] {
  const of = (role: LinkageRole) => seen.filter((each) => each.role === role && each.filled > 0);
  const parts = [...of(ROLES.given), ...of(ROLES.family)];
  const addresses = of(ROLES.email);
  if (parts.length !== 2 || of(ROLES.full).length > 0 || addresses.length === 0) return [];
  if (parts.every(({ whole }) => saying(whole) >= COMPLETE * whole.codes.length)) return [];
  return addresses.slice(0, 1).map(({ column, role }) => ({ name: column.name, role }));
}

/** Records whose cell says something: `n/a` and `-` do not. */
function saying({ size, text, codes }: Column): number {
  const says = Uint8Array.from({ length: size }, (_, code) => (saysNothing(fold(text(code))) ? 0 : 1));
  return codes.reduce((sum, code) => sum + (code < 0 ? 0 : says[code]!), 0);
}

/** Names of which one in a hundred is an organisation's, and no single slip. */
function holdsOrganisations(values: readonly string[]): boolean {
  const found = values.filter(isOrganisation).length;
  return found > 1 && found * 100 >= values.length;
}

function identifies(kind: ColumnKind, source: LinkageSource, distinct: number): boolean {
  if (source === 'email' || source === 'phone') return false;
  return kind === 'identifier' || (source === 'code' && distinct > 0.3);
}

/** A part of the values that does not hang on their order. */
function sampleOf({ size, hash, text }: Column): readonly string[] {
  const step = Math.ceil(size / SAMPLE);
  const values: string[] = [];
  for (let code = 0; code < size; code += 1)
    if (step <= 1 || (hash(code, 0) >>> 0) % step === 0) values.push(text(code));
  return values.sort();
}

function byName(a: Column, b: Column): number {
  return a.name < b.name ? -1 : 1;
}

function averageLength(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
}
