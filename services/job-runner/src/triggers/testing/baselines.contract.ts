import { expect, it } from 'vitest';
import { event, invoice, NOW, profile, rule, type Shop, WORKSPACE, who } from './shop.ts';

const MINUTE = 60_000_000;
const ALL = { most: 99 };

/** A row of kenal.computed_rows: somebody enters a segment. */
function entry(profileId: string, at: number): object {
  const row = { workspace: WORKSPACE, name: 'segment.vip', kind: 'segment', value: 'true', sent: 1 };
  return { ...row, profile_id: profileId, computed_at: at };
}

/** A row of kenal.mart_run_rows. */
function refresh(mart: string, id: string, at: number, more: object = {}): object {
  return { workspace: WORKSPACE, mart, id, state: 'done', started_at: at, updated_at: at + 1, ver: at, ...more };
}

/** What a rule finds when it is seen first is no news. */
export function baselinePromises(shop: () => Shop): void {
  const add = async (...rows: object[]): Promise<void> => shop().warehouse.insert('kenal.interaction_rows', rows);
  const people = (...ids: string[]): Promise<void> =>
    shop().warehouse.insert(
      'kenal.profile_rows',
      ids.map((id) => profile(id)),
    );
  const late = (days: number) => ({
    rules: [{ ...rule('late', { paymentLate: { days } }), firstRun: 'baseline' }],
    cap: ALL,
  });
  const baseline = async (name: string): Promise<string[]> =>
    (await shop().state()).flatMap((row) => (row.rule === name && row.state === 'baseline' ? [row.profile_id] : []));

  it('is kept before anything is sent, however often it is cut off, and then only what comes on top is sent', async () => {
    const { run } = shop();
    await people('kim', 'lea', 'max', 'ned', 'oli');
    await add(...['kim', 'lea'].map((id) => invoice(id, `stock ${id}`, 20)), invoice('max', 'nearly', 16));
    const asked = late(18);
    // The rule, one page of its stock, and no more
    await expect(run(asked, { page: 1, inserts: 2 })).rejects.toThrow('killed');
    expect(await baseline('late')).toHaveLength(1);
    expect(await run({ ...asked, quietHours: { from: '00:00', until: '23:59' } })).toEqual([]);
    expect(await baseline('late')).toEqual(['kim', 'lea']);
    await add(invoice('ned', 'new', 19));
    expect(who(await run(asked))).toEqual(['ned']);
    // Another question: whom it finds more has been late before it was asked
    expect(await run(late(15))).toEqual([]);
    expect(await baseline('late')).toEqual(['kim', 'lea', 'max']);
    await add(invoice('oli', 'newer', 19));
    expect(who(await run(late(15)))).toEqual(['oli']);
  });

  it('is taken again of a rule that was off, and of none that is to send what it finds', async () => {
    const { run } = shop();
    const [silent, loud] = [late(15), { ...late(15), rules: [rule('loud', { paymentLate: { days: 15 } })] }];
    await run({ rules: [] });
    await add(invoice('kim', 'while it was off', 17));
    expect(await run(silent)).toEqual([]);
    expect(who(await run(loud))).toEqual(['kim', 'kim', 'lea', 'max', 'ned', 'oli']);
  });

  it('waits until a segment is computed by the words that hold, whatever else has a fault', async () => {
    const { run, warehouse } = shop();
    const vip = (from: number) => ({
      vip: { where: { segment: 'inner' } },
      inner: { where: { trait: 'n', gte: from } },
    });
    const entered = { ...rule('entered', { segmentEntered: { segment: 'vip' } }), firstRun: 'baseline' };
    const asked = { rules: [entered], cap: ALL };
    const enter = (id: string, at: number): Promise<void> => warehouse.insert('kenal.computed_rows', [entry(id, at)]);
    const computed = (id: string, at: number, more?: object): Promise<void> =>
      warehouse.insert('kenal.mart_run_rows', [refresh('computed', id, at, more)]);
    await computed('before', NOW);
    await enter('kim', NOW);
    expect(await run(asked, { segments: vip(1) })).toEqual([]);
    await computed('cut', NOW + 60 * MINUTE, {
      state: 'failed',
      error: 'segment.vip: none; all others are up to date',
    });
    await enter('lea', NOW + 1);
    expect(await run(asked, { segments: vip(1) })).toEqual([]);
    await computed('whole', NOW + 61 * MINUTE, {
      state: 'failed',
      error: 'segment.x: none; all others are up to date',
    });
    await enter('max', NOW + 2);
    expect(await run(asked, { segments: vip(1) })).toEqual([]);
    await enter('ned', NOW + 3);
    expect(who(await run(asked, { segments: vip(1) }))).toEqual(['ned']);
    // What it hangs on has changed
    await enter('oli', NOW + 4);
    expect(await run(asked, { segments: vip(2) })).toEqual([]);
    expect(await baseline('entered')).toEqual(['kim', 'lea', 'max', 'oli']);
  });

  it('waits for the first scores', async () => {
    const { run, warehouse } = shop();
    await people('cy', 'dee');
    await add(...['cy', 'dee'].map((id) => event(id, 'Order Completed', 24, {}, { order_id: id, ...PAID })));
    const risk = { ...rule('risk', { churnRisk: {} }), firstRun: 'baseline' };
    const asked = { rules: [risk], cap: ALL };
    const score = (profile_id: string, at: number): Promise<void> =>
      warehouse.insert('kenal.score_rows', [
        { workspace: WORKSPACE, profile_id, currency: 'USD', as_of: DAY_TEXT, band: 'high', computed_at: at, ver: at },
      ]);
    const scored = (at: number): Promise<void> =>
      warehouse.insert('kenal.mart_run_rows', [refresh('scores', `s${at}`, at)]);
    await scored(NOW); // there was too little to learn from
    expect(await run(asked)).toEqual([]);
    await score('cy', NOW + 10); // of a run that is not over
    expect(await run(asked)).toEqual([]);
    await scored(NOW + 10);
    expect(await run(asked)).toEqual([]);
    await score('dee', NOW + 20);
    expect(who(await run(asked))).toEqual(['dee']);
    expect(await baseline('risk')).toEqual(['cy']);
  });
}

const PAID = { order_kind: 'snapshot', order_total: '20', order_refunded: '0', order_currency: 'USD' };
const DAY_TEXT = new Date(NOW / 1_000).toISOString().slice(0, 10);
