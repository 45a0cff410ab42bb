import type { LinkageSourcePlan } from '@kenal/contracts';
import { CODE_KEYS, codeComparator, codeKeys } from '../compare/code.ts';
import { type Comparator, SCOPES } from '../compare/comparator.ts';
import { DATE_KEYS, dateComparator, dateKeys } from '../compare/date.ts';
import { EMAIL_KEYS, type EmailParts, emailComparator, emailKeys } from '../compare/email.ts';
import { extraNames, familyName, givenName, NAME_KEYS, nameKeys, nameSuffix } from '../compare/name.ts';
import { employer, ORGANISATION_KEYS, organisationKeys, organisationName } from '../compare/organisation.ts';
import {
  categoryComparator,
  type Lines,
  lineComparator,
  TEXT_KEYS,
  textComparator,
  textKeys,
} from '../compare/text.ts';
import { fold, saysNothing } from '../text/fold.ts';
import { foldStreet } from './addresses.ts';
import { type PartialDate, parseDate } from './dates.ts';
import { completeNames } from './email-names.ts';
import { type NameParts, parseName } from './names.ts';
import { coreOf, isOrganisation, type Organisation, OWNERS } from './organisations.ts';

/** What a parsed value can be; each source holds one kind of them. */
export type Value = NameParts | Organisation | PartialDate | EmailParts | Lines | string;

/** Reads the cells of its columns as one value, names the keys by which that is found and counted, and compares. */
export interface Source<V> {
  readonly plan: LinkageSourcePlan;
  /** @param cells in the order of the plan's columns. @returns null where they say nothing */
  parse(cells: readonly string[]): V | null;
  readonly keyNames: readonly string[];
  /** One text a key name; '' where the value has none. */
  keys(value: V): readonly string[];
  readonly comparators: readonly Comparator<V>[];
}

export function createSource(plan: LinkageSourcePlan): Source<Value> {
  switch (plan.kind) {
    case 'name':
      return nameSource(plan) as unknown as Source<Value>;
    case 'organisation':
      return organisationSource(plan) as unknown as Source<Value>;
    case 'date':
      return dateSource(plan) as unknown as Source<Value>;
    case 'email':
      return emailSource(plan) as unknown as Source<Value>;
    case 'street':
      return streetSource(plan) as unknown as Source<Value>;
    default:
      return textSource(plan) as unknown as Source<Value>;
  }
}

function nameSource(plan: LinkageSourcePlan): Source<NameParts> {
  const at = (role: string): number[] => plan.columns.flatMap((column, i) => (column.role === role ? [i] : []));
  const [given, family, middle, suffix, full] = ['given', 'family', 'middle', 'suffix', 'full'].map(at);
  const [email = -1] = at('email');
  const text = (cells: readonly string[], places: readonly number[] | undefined): string =>
    (places ?? [])
      .map((i) => cells[i] ?? '')
      .filter((cell) => cell !== '' && !saysNothing(fold(cell)))
      .join(' ');
  return {
    plan,
    parse: (cells) => {
      const [own, last] = [text(cells, given), text(cells, family)];
      const wholes = (full ?? []).map((i) => cells[i] ?? '').filter((cell) => !saysNothing(fold(cell)));
      const names = completeNames({ given: own, family: last }, cells[email] ?? '');
      return parseName({
        ...{ ...names, middle: text(cells, middle), suffix: text(cells, suffix) },
        full: own === '' && last === '' ? wholes.filter((whole) => !isOrganisation(whole)) : wholes,
      });
    },
    keyNames: NAME_KEYS,
    keys: nameKeys,
    comparators: [givenName, familyName, extraNames, nameSuffix],
  };
}

/** Whether a record is a person's is told by the names in it: a company beside them is where the person works. */
function organisationSource(plan: LinkageSourcePlan): Source<Organisation> {
  const roles = plan.columns.map(({ role }) => role);
  return {
    plan,
    parse: (cells) => {
      let [core, whole, isPerson] = ['', '', false];
      roles.forEach((role, i) => {
        const cell = cells[i] ?? '';
        if (saysNothing(fold(cell))) return;
        if (role === 'organisation' || (role === 'full' && isOrganisation(cell))) core ||= coreOf(cell);
        else if (role === 'full') whole ||= coreOf(cell);
        else isPerson ||= role !== 'suffix';
      });
      if (isPerson || (whole !== '' && core !== '')) return { core, owner: OWNERS.person };
      if (core !== '') return { core, owner: OWNERS.organisation };
      return whole === '' ? null : { core: whole, owner: OWNERS.either };
    },
    keyNames: ORGANISATION_KEYS,
    keys: organisationKeys,
    comparators: [organisationName, employer],
  };
}

function dateSource(plan: LinkageSourcePlan): Source<PartialDate> {
  const isBirth = plan.columns[0]?.role === 'birthDate';
  return {
    plan,
    // A cell that says nothing is no date either
    parse: ([cell = '']) => parseDate(cell, plan.dayFirst),
    keyNames: DATE_KEYS,
    keys: dateKeys,
    comparators: [dateComparator(plan.name, isBirth ? 'birth' : plan.name)],
  };
}

function emailSource(plan: LinkageSourcePlan): Source<EmailParts> {
  return {
    plan,
    parse: ([cell = '']) => {
      const whole = cell.trim().toLowerCase();
      const at = whole.lastIndexOf('@');
      if (at < 0) return saysNothing(fold(whole)) ? null : { whole, local: whole, domain: '' };
      return { whole, local: whole.slice(0, at), domain: whole.slice(at + 1) };
    },
    keyNames: EMAIL_KEYS,
    keys: emailKeys,
    comparators: [emailComparator(plan.name)],
  };
}

/** Lines of an address, which people write in either order. */
function streetSource(plan: LinkageSourcePlan): Source<Lines> {
  return {
    plan,
    parse: (cells) => {
      const lines = plan.columns.map((_, i) => {
        const folded = fold(cells[i] ?? '');
        return saysNothing(folded) ? '' : (foldStreet(folded) ?? '');
      });
      return lines.every((line) => line === '') ? null : lines;
    },
    keyNames: [...plan.columns.flatMap((_, i) => TEXT_KEYS.map((key) => `${key}${i}`)), 'whole'],
    keys: (lines) => [...lines.flatMap((line) => (line === '' ? ['', ''] : textKeys(line))), wholeOf(lines)],
    comparators: plan.columns.map(({ name }, i) => lineComparator(name, i)),
  };
}

/** All lines in one order, where there are several: people write them in any. */
function wholeOf(lines: Lines): string {
  return lines.filter((line) => line !== '').length > 1 ? [...lines].sort().join(' ').trim() : '';
}

const GROUP_OF: Readonly<Record<string, string>> = {
  number: 'address',
  place: 'address',
  postcode: 'address',
  phone: 'phone',
};

/** How often two people of one household have the same, by kind. */
const SHARED: Readonly<Record<string, number>> = {
  number: 0.95,
  place: 0.9,
  postcode: 0.95,
  category: 0.5,
  phone: 0.4,
};

/** Where somebody was born, who may live anywhere. */
const BORN = /birth|born/i;

/** `https://www.` of an address in the web. */
const WEB = /^\s*(https?:\/\/(www\.)?|www\.)/i;

function textSource(plan: LinkageSourcePlan): Source<string> {
  const { kind, name } = plan;
  const group = GROUP_OF[kind] ?? name;
  const scope = plan.identifies
    ? SCOPES.identifier
    : kind === 'code' || kind === 'text'
      ? SCOPES.personal
      : SCOPES.household;
  const shared = plan.identifies ? 0 : BORN.test(name) ? 0.3 : (SHARED[kind] ?? 0.3);
  const isCode = kind === 'code' || kind === 'phone' || kind === 'postcode' || kind === 'number';
  const comparator =
    kind === 'category'
      ? categoryComparator(name, group, scope, shared)
      : (isCode ? codeComparator : textComparator)(name, group, scope, shared);
  const clean = cleanerOf(kind);
  return {
    plan,
    parse: ([cell = '']) => {
      const folded = fold(kind === 'text' ? cell.replace(WEB, '') : cell);
      return saysNothing(folded) ? null : clean(folded);
    },
    keyNames: isCode ? CODE_KEYS : TEXT_KEYS,
    keys: isCode ? codeKeys : textKeys,
    comparators: [comparator],
  };
}

/** @returns a function of folded text; null where nothing is left, or only zeros */
function cleanerOf(kind: LinkageSourcePlan['kind']): (folded: string) => string | null {
  const some = (text: string): string | null => (/^[0 ]*$/.test(text) ? null : text);
  switch (kind) {
    case 'phone':
      // The last nine digits are the same with and without country code and trunk zero
      return (folded) => some(folded.replace(/\D/g, '').slice(-9));
    case 'postcode':
    case 'number':
    case 'code':
      return (folded) => some(folded.replaceAll(' ', ''));
    default:
      return some;
  }
}
