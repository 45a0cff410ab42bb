import { expect, it } from 'vitest';
import { event, order, profile, rule, type Shop, WORKSPACE } from './shop.ts';

/** What a rule is worth, by who was left alone. */
export function upliftPromises(shop: () => Shop): void {
  it('measures what a rule brings, and finds nothing where it brings nothing', async () => {
    const people = Array.from({ length: 600 }, (_, i) => `buyer${i}`);
    await shop().warehouse.insert(
      'kenal.profile_rows',
      people.map((id) => profile(id)),
    );
    await shop().warehouse.insert(
      'kenal.interaction_rows',
      people.flatMap((id) => [event(id, 'Helped', 2), event(id, 'Idle', 2)]),
    );
    const half = { holdOut: 0.5, outcomeDays: 10 };
    const both = [rule('helps', { event: { name: 'Helped' } }, half), rule('idle', { event: { name: 'Idle' } }, half)];
    await shop().run({ rules: both, cap: { most: 9 } });
    const decided = (await shop().state()).filter(({ rule: name }) => name === 'helps' || name === 'idle');
    const sent = new Set(decided.flatMap((row) => (row.state === 'sent' ? [`${row.rule} ${row.profile_id}`] : [])));
    // One in five buys anyway, three in ten more where rule `helps` has reached them; the others only after the days are over
    const bought = new Set(people.filter((id, i) => i % 10 < (sent.has(`helps ${id}`) ? 5 : 2)));
    const orders = people.map((id) => order(id, bought.has(id) ? -3 : -11));
    await shop().warehouse.insert('kenal.interaction_rows', orders);

    const uplift = (days: number) =>
      shop().warehouse.query<Record<string, number>>(
        `SELECT *, toFloat64(sent_net) AS net FROM kenal.trigger_uplift_as_of(as_of = addDays(toDate32(now('UTC')), ${days})) WHERE rule IN ('helps', 'idle') ORDER BY rule`,
        { workspace: WORKSPACE },
      );
    expect(await uplift(9)).toEqual([]); // the days are not over
    const [helps, idle] = await uplift(12);
    for (const [name, told] of [
      ['helps', helps!],
      ['idle', idle!],
    ] as const) {
      const is = (side: boolean) => people.filter((id) => sent.has(`${name} ${id}`) === side);
      const hits = (side: boolean) => is(side).filter((id) => bought.has(id)).length;
      const [yes, no] = [is(true).length, is(false).length];
      expect(told).toMatchObject({
        sent: yes,
        held_out: no,
        sent_bought: hits(true),
        held_out_bought: hits(false),
        is_small: false,
      });
      expect(told.net).toBe(20 * hits(true));
      const [low, high] = newcombe(hits(true), yes, hits(false), no);
      expect(told.uplift_low).toBeCloseTo(low, 9);
      expect(told.uplift_high).toBeCloseTo(high, 9);
    }
    expect(helps!.uplift_low).toBeGreaterThan(0);
    expect(helps!.uplift_low! < 0.3 && 0.3 < helps!.uplift_high!).toBe(true);
    expect(idle!.uplift_low! < 0 && 0 < idle!.uplift_high!).toBe(true);
  });
}

/** Both ends of the interval of a difference of shares, after Newcombe (1998), method 10. */
function newcombe(a: number, m: number, b: number, n: number): [number, number] {
  const z = 1.959963984540054;
  const wilson = (hits: number, of: number): [number, number] => {
    const share = hits / of;
    const root = Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
    return [-1, 1].map((sign) => (share + z ** 2 / (2 * of) + sign * z * root) / (1 + z ** 2 / of)) as [number, number];
  };
  const [[l1, u1], [l2, u2]] = [wilson(a, m), wilson(b, n)];
  const difference = a / m - b / n;
  return [difference - Math.hypot(a / m - l1, u2 - b / n), difference + Math.hypot(u1 - a / m, b / n - l2)];
}
