import type { TrueAnswer, TrueSale } from './buyers.ts';
import { heard, netBy, purse, wilson } from './buyers-oracle.ts';
import type { TrueOutbound } from './desk.ts';
import { byKey, type Seen, sum } from './desk-oracle.ts';
import { digits, type ProfileOf, type Row } from './oracle.ts';
import { dayOf } from './seeded.ts';

export interface Work {
  readonly seen: readonly Seen[];
  readonly cases: readonly Row[];
  readonly outbound: readonly TrueOutbound[];
  readonly answers: readonly TrueAnswer[];
  readonly sales: readonly TrueSale[];
}

export function staffRows({ seen, cases, outbound, answers, sales }: Work, profileOf: ProfileOf, asOf: string): Row[] {
  const month = (day: string): string => `${day.slice(0, 7)}-01`;
  const answered = seen.filter(({ agent }) => agent !== '').toSorted((one, other) => one.at - other.at);
  const dialled = outbound.flatMap(({ owner, at, agent, work }) => {
    const endedAt = at + (work + 5) * 1_000;
    const isThere = profileOf(owner) !== null && dayOf(endedAt) <= asOf;
    return isThere ? [{ actor: agent, day: dayOf(at), handled: work === 0 ? null : work }] : [];
  });
  const solved = cases.filter(({ agent, resolved }) => agent !== '' && resolved !== null);
  const rated = heard(answers, profileOf, asOf)
    .filter(({ kind, verdict }) => kind === 'csat' && verdict !== null)
    .map((one) => {
      const talked = answered.find(({ conversation }) => conversation === one.conversation)?.agent ?? '';
      const fixed = cases.find(({ id }) => id === one.caseId)?.agent ?? '';
      return { actor: one.agent || talked || String(fixed), day: one.day, good: one.verdict === 1 };
    });
  const sold = sales.flatMap((sale) => {
    const isThere = profileOf(sale.owner) !== null && dayOf(sale.at) <= asOf && sale.actor !== '';
    return isThere
      ? [{ actor: sale.actor, day: dayOf(sale.at), currency: sale.currency, net: netBy(sale, asOf) ?? 0 }]
      : [];
  });
  const all = [
    ...answered.map((one) => ({ ...one, actor: one.agent })),
    ...solved.map((one) => ({ actor: String(one.agent), day: dayOf(Number(one.resolved)) })),
    ...rated.filter(({ actor }) => actor !== ''),
    ...dialled,
    ...sold,
  ];
  const keys = [...new Set(all.map(({ actor, day }) => `${month(day)} ${actor}`))];
  return byKey(
    keys.map((key) => {
      const mine = <T extends { day: string }>(list: readonly T[], actorOf: (one: T) => string): T[] =>
        list.filter((one) => `${month(one.day)} ${actorOf(one)}` === key);
      const contacts = mine(answered, ({ agent }) => agent);
      const of = (kind: string): Seen[] => contacts.filter((one) => one.kind === kind);
      const mean = (list: readonly (number | null)[]): number | null => {
        const known = list.filter((value) => value !== null);
        return known.length === 0 ? null : digits(sum(known) / known.length);
      };
      const waits = (kind: string): number | null => mean(of(kind).map(({ answerSeconds }) => answerSeconds));
      const dials = mine(dialled, ({ actor }) => actor);
      const work = [...of('call'), ...dials].map(({ handled }) => handled);
      const [votes, orders] = [mine(rated, ({ actor }) => actor), mine(sold, ({ actor }) => actor)];
      const good = votes.filter(({ good: is }) => is).length;
      const ends = votes.length < 30 ? [null, null] : wilson(good, votes.length).map(digits);
      return {
        ...{
          key,
          calls_in: of('call').length,
          calls_out: dials.length,
          chats: of('chat').length,
          emails: of('email').length,
        },
        cases_resolved: solved.filter((one) => `${month(dayOf(Number(one.resolved)))} ${one.agent}` === key).length,
        ...{ call_answer_mean: waits('call'), chat_answer_mean: waits('chat'), email_answer_mean: waits('email') },
        ...{ call_handle_mean: mean(work), chat_handle_mean: mean(of('chat').map(({ handled }) => handled)) },
        csat_n: votes.length,
        ...{ csat: votes.length < 30 ? null : digits(good / votes.length), csat_low: ends[0]!, csat_high: ends[1]! },
        ...{ orders: orders.length, revenue: purse(orders) },
      };
    }),
  );
}
