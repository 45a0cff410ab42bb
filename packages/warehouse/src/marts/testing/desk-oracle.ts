import type { TrueCase, TrueContact } from './desk.ts';
import { digits, type ProfileOf, quantile, type Row } from './oracle.ts';
import { DAY, dayOf } from './seeded.ts';

/** A contact as the end of a day knew it. */
export interface Seen extends TrueContact {
  readonly profile: string;
  readonly day: string;
  readonly result: string;
  readonly answerSeconds: number | null;
  readonly inTime: boolean | null;
  readonly handled: number | null;
  readonly againAt: number | null;
  readonly first: boolean | null;
}

const TARGET = { call: 20, chat: 60, email: 86_400 };

/** Contacts by then; an erased person's are gone. */
export function seenContacts(contacts: readonly TrueContact[], profileOf: ProfileOf, asOf: string): Seen[] {
  const seen = contacts.flatMap((contact) => {
    const profile = contact.owner === '' ? '' : profileOf(contact.owner);
    const began = contact.kind === 'call' ? contact.endedAt! : contact.at;
    return profile === null || dayOf(began) > asOf ? [] : [judged(contact, profile, asOf)];
  });
  const order = (one: Seen, other: Seen): number =>
    one.at - other.at || (`${one.source} ${one.id}` < `${other.source} ${other.id}` ? -1 : 1);
  const byPerson = Map.groupBy(seen.toSorted(order), ({ profile }) => profile);
  return seen.map((contact) => {
    if (contact.profile === '') return contact;
    const later = byPerson.get(contact.profile)!;
    const again = later
      .slice(later.indexOf(contact) + 1)
      .find(({ caseId }) => caseId === '' || contact.caseId === '' || caseId === contact.caseId);
    const isDue = Date.parse(asOf) - Date.parse(contact.day) >= 7 * DAY;
    const first =
      isDue && /answered|machine|closed/.test(contact.result) ? !(again && again.at <= contact.at + 7 * DAY) : null;
    return { ...contact, againAt: again?.at ?? null, first };
  });
}

function judged(contact: TrueContact, profile: string, asOf: string): Seen {
  const { kind, at } = contact;
  const by = (ms: number | null): number | null => (ms !== null && dayOf(ms) <= asOf ? ms : null);
  const [answered, machine, ended] =
    kind === 'call'
      ? [contact.answeredAt, contact.machineAt, contact.endedAt]
      : [by(contact.answeredAt), by(contact.machineAt), by(contact.endedAt)];
  const left = ended !== null && (kind !== 'call' || contact.outcome === 'abandoned');
  const result =
    answered !== null
      ? 'answered'
      : machine !== null
        ? 'by_machine'
        : kind === 'call' && contact.outcome === 'missed'
          ? 'missed'
          : left && contact.outcome === 'solved'
            ? 'closed'
            : !left
              ? 'waiting'
              : ended - at < 5_000
                ? 'abandoned_short'
                : 'abandoned';
  const answerSeconds = answered === null ? null : (answered - at) / 1_000;
  const until = ended ?? Math.max(answered ?? 0, machine ?? 0, by(contact.moreAt) ?? 0);
  const handled =
    answered === null || kind === 'email' ? null : kind === 'call' ? contact.work : (until - answered) / 1_000;
  return {
    ...{ ...contact, agent: answered === null ? '' : contact.agent, profile, day: dayOf(at), result, answerSeconds },
    team: kind !== 'call' && answered === null ? '' : contact.team,
    inTime: answerSeconds === null ? null : answerSeconds <= TARGET[kind],
    ...{ handled, againAt: null, first: null },
  };
}

export const contactRows = (seen: readonly Seen[]): Row[] =>
  byKey(
    seen.map((one) => ({
      ...{ source: one.source, kind: one.kind, id: one.id, profile: one.profile, day: one.day, team: one.team },
      ...{ agent: one.agent, outcome: one.result, answer: one.answerSeconds, in_time: one.inTime, handle: one.handled },
      ...{ case_id: one.caseId, again: one.againAt, first: one.first },
    })),
  );

/** When a case turned, by then. */
function turnsOf({ steps }: TrueCase, asOf: string): { at: number; isOpen: boolean }[] {
  const turns: { at: number; isOpen: boolean }[] = [];
  for (const [i, { at, kind }] of steps.entries()) {
    if (dayOf(at) > asOf || (kind === 'Updated' && i > 0)) continue;
    const isOpen = kind !== 'Resolved';
    if (isOpen !== (turns.at(-1)?.isOpen ?? false)) turns.push({ at, isOpen });
  }
  return turns;
}

export function caseRows(cases: readonly TrueCase[], profileOf: ProfileOf, asOf: string): Row[] {
  return byKey(
    knownCases(cases, profileOf, asOf).map((one) => {
      const turns = turnsOf(one, asOf);
      const done = one.steps.filter(({ at, kind }) => kind === 'Resolved' && dayOf(at) <= asOf);
      const isOpen = turns.at(-1)?.isOpen ?? false;
      return {
        ...{ source: one.source, id: one.id, profile: profileOf(one.owner), channel: one.channel },
        ...{ agent: done.at(-1)?.agent ?? '', opened: turns[0]?.at ?? null, is_open: isOpen },
        resolved: isOpen ? null : (turns.at(-1)?.at ?? done[0]!.at),
        reopened: Math.max(0, turns.filter((turn) => turn.isOpen).length - 1),
      };
    }),
  );
}

function knownCases(cases: readonly TrueCase[], profileOf: ProfileOf, asOf: string): TrueCase[] {
  return cases.filter(({ owner, steps }) => profileOf(owner) !== null && dayOf(steps[0]!.at) <= asOf);
}

/** By day, source, channel and team; each day of a group from its first one on. */
export function kpiRows(seen: readonly Seen[], cases: readonly TrueCase[], profileOf: ProfileOf, asOf: string): Row[] {
  const turned = knownCases(cases, profileOf, asOf)
    .map((one) => ({ place: `${one.source} ${one.channel} `, turns: turnsOf(one, asOf) }))
    .filter(({ turns }) => turns.length > 0);
  const placeOf = ({ source, kind, team }: Seen): string => `${source} ${kind === 'call' ? 'phone' : kind} ${team}`;
  const places = new Set([...seen.map(placeOf), ...turned.map(({ place }) => place)]);
  return byKey(
    [...places].flatMap((place) => {
      const contacts = seen.filter((one) => placeOf(one) === place);
      const mine = turned.filter((one) => one.place === place).map(({ turns }) => turns);
      const days = [...contacts.map(({ day }) => day), ...mine.map(([first]) => dayOf(first!.at))].sort();
      return daysFrom(days[0]!, asOf).map((day) => ({
        ...{ place, day, ...kpisOf(contacts.filter((one) => one.day === day)), ...backlogOf(mine, day) },
      }));
    }),
  );
}

function kpisOf(contacts: readonly Seen[]): Row {
  const count = (result: string): number => contacts.filter((one) => one.result === result).length;
  const answers = contacts.flatMap(({ answerSeconds: s }) => (s === null ? [] : [s]));
  const handled = contacts.flatMap(({ handled: s }) => (s === null ? [] : [s]));
  const decided = contacts.filter(({ first }) => first !== null);
  const first = decided.filter((one) => one.first).length;
  const counted = contacts.length - count('abandoned_short');
  const share = (part: number, of: number): number | null => (of === 0 ? null : digits(part / of));
  const within = contacts.filter(({ inTime }) => inTime).length;
  return {
    ...{ offered: contacts.length, answered: count('answered'), by_machine: count('by_machine') },
    ...{
      closed: count('closed'),
      abandoned: count('abandoned'),
      abandoned_short: count('abandoned_short'),
      missed: count('missed'),
    },
    ...{ waiting: count('waiting'), abandonment_rate: share(count('abandoned'), counted) },
    answer_mean: share(sum(answers), answers.length),
    answer_p50: answers.length === 0 ? null : digits(quantile(answers, 0.5)),
    answer_p90: answers.length === 0 ? null : digits(quantile(answers, 0.9)),
    ...{ within_target: within, service_level: share(within, counted) },
    ...{ handle_mean: share(sum(handled), handled.length), first_decided: decided.length, first_resolved: first },
  };
}

/** The cases of a group at the end of a day. */
function backlogOf(cases: readonly (readonly { at: number; isOpen: boolean }[])[], day: string): Row {
  const that = cases.flatMap((turns) => turns.map((turn, i) => ({ ...turn, i }))).filter(({ at }) => dayOf(at) === day);
  const ages = cases.flatMap((turns) => {
    const last = turns.filter(({ at }) => dayOf(at) <= day).at(-1);
    return last?.isOpen ? [(Date.parse(day) - Date.parse(dayOf(turns[0]!.at))) / DAY] : [];
  });
  return {
    cases_opened: that.filter(({ isOpen, i }) => isOpen && i === 0).length,
    cases_resolved: that.filter(({ isOpen }) => !isOpen).length,
    cases_reopened: that.filter(({ isOpen, i }) => isOpen && i > 0).length,
    ...{ backlog: ages.length, backlog_age_days: ages.length === 0 ? null : digits(sum(ages) / ages.length) },
  };
}

function daysFrom(first: string, last: string): string[] {
  const count = (Date.parse(last) - Date.parse(first)) / DAY + 1;
  return Array.from({ length: count }, (_, i) => new Date(Date.parse(first) + i * DAY).toISOString().slice(0, 10));
}

export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Rows in the order of their text. */
export const byKey = (rows: readonly Row[]): Row[] =>
  rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
