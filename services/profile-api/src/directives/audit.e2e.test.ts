import { type Directive, parseTime } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { applyErased } from '@kenal/warehouse';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, decode, UNLINK, useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';
import type { DirectiveView } from './schemas.ts';

const shop = useShop();
const { decide, list, logged, read } = shop;

/** One of each kind that names Ann, one of a clock that is wrong by years, and the erasure of somebody else. */
async function decideMany(): Promise<void> {
  const [a, phone, device] = ['user_id:ann', 'phone:+12015570123', 'device_id:dev-1'];
  await decide({ ...UNLINK, reason: 'they share a mailbox', actor: 'Eve' });
  for (const b of [phone, device])
    for (const kind of ['must', 'unlink', 'clear']) await decide({ [kind]: { a, b }, reason: 'r' });
  await decide({ consent: { profile: 'email:ann.lee@example.com', purpose: 'news', granted: true }, reason: 'r' });
  await decide({ erase: { profile: 'user_id:bob' }, reason: 'request 18' });
  const before = decode((await logged())[0]!.value);
  const issuedAt = Date.UTC(2200, 0) * 1_000;
  const wrong = { ...before, id: 'wrong', issuedAt, actor: 'clock' };
  await createTopicWriter<Directive>(shop.world.log, 'directives').append([{ key: 'shop', value: wrong }]);
}

/** Into the warehouse, as the loader does. */
async function load(): Promise<void> {
  const rows = (await logged()).map(({ value, offset }) => {
    const directive = decode(value);
    return {
      ...{ workspace: directive.workspace, directive_id: directive.id, issued_at: `${directive.issuedAt / 1e6}` },
      ...{ kind: directive.kind, actor: directive.actor, reason: directive.reason, source: directive.source ?? '' },
      pairs: directive.pairs.map(({ detail: _, ...pair }) => pair),
      ...{ profile_id: directive.profileId ?? '', erased: directive.erased.length, log_offset: offset },
      ...{ owner: directive.consent?.owner ?? '', purpose: directive.consent?.purpose ?? '' },
      ...{
        granted: directive.consent?.granted ?? null,
        document: directive.document ?? '',
        model: directive.model ?? '',
      },
    };
  });
  await shop.world.warehouse.insert('kenal.directive_rows', rows);
}

describe('the audit', () => {
  beforeAll(async () => {
    await decideMany();
    await load();
  });

  test('lists every decision, newest first, page by page, to whoever may read', async () => {
    const all: DirectiveView[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await list(`?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...page.directives);
      cursor = page.cursor;
    }
    const records = (await logged()).map(({ value }) => decode(value)).filter(({ workspace }) => workspace === 'shop');
    expect(all.map((one) => one.id).sort()).toEqual(records.map((one) => one.id).sort());
    const times = all.map(({ issuedAt }) => parseTime(issuedAt) ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(all.at(-1)).toMatchObject({
      reason: 'they share a mailbox',
      ...{ kind: 'unlink', actor: expect.stringMatching(/^Eve \(key/), position: 0, pairCount: 1 },
      pairs: [{ a: 'email:ann.lee@example.com', b: 'user_id:ann', verb: 'cannot', weight: null }],
    });
  });

  test.each([
    ['?kind=erase,consent', ({ kind }: DirectiveView) => kind === 'erase' || kind === 'consent'],
    ['?actor=eve', ({ actor }: DirectiveView) => actor.startsWith('Eve')],
    ['?since=2199-01-01', ({ issuedAt }: DirectiveView) => issuedAt > '2199'],
    [
      '?identifier=email:ANN.LEE@example.com',
      ({ pairs, consent }: DirectiveView) =>
        [consent?.owner, ...pairs.flatMap((pair) => [pair.a, pair.b])].includes('email:ann.lee@example.com'),
    ],
  ])('can be asked for a part: %s', async (query, wanted) => {
    const all = (await list('?limit=500')).directives;
    const some = (await list(`${query}&limit=500`)).directives;
    expect(some).toEqual(all.filter(wanted));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
  });

  test('names what is wrong with a question', async () => {
    for (const [query, says] of [
      ['?kind=unlnk', /there is no kind unlnk, did you mean unlink\?/],
      ['?since=yesterday', /since is not a time/],
      ['?cursor=x', /cursor is not one/],
      ['?identifier=email:x', /no e-mail address/],
    ] as const)
      expect(await list(query)).toMatchObject({ code: 'bad_query', message: expect.stringMatching(says) });
  });

  test('shows another workspace nothing, and of an erased person no word', async () => {
    expect((await read(shop.world.get('/v1/directives', { 'x-read-key': KEYS.bank }))).body.directives).toEqual([]);
    const keys = ['email:ann.lee@example.com', 'user_id:ann', 'phone:+12015570123', 'device_id:dev-1'];
    const before = JSON.stringify(await list('?limit=500'));
    for (const key of keys) expect(before).toContain(key);
    const ver = Date.UTC(2201, 0) * 1_000;
    await applyErased(
      shop.world.warehouse,
      keys.map((key) => ({ workspace: 'shop', key, ver })),
    );
    const { directives } = await list('?limit=500');
    for (const key of keys) expect(JSON.stringify(directives)).not.toContain(key);
    expect(directives.length).toBe((JSON.parse(before) as Answer).directives.length);
    expect(directives.at(-1)).toMatchObject({ reason: null, pairs: [{ a: null, b: null, verb: 'cannot' }] });
  });
});
