import { topicSpecs } from '@kenal/event-log';
import { replay } from '@kenal/identity';
import { expect, test } from 'vitest';
import { startEmbedded } from '../testing/backends.ts';
import { decidedApart } from '../testing/decided-apart.ts';
import { carriedOut, decide, directiveOf } from '../testing/decisions.ts';
import { CONFIG, interactionOf, withRules } from '../testing/people.ts';
import { publishedProfiles } from '../testing/published.ts';

const AT = Date.UTC(2026, 0, 1) * 1_000;
/** More than some pages of a scan. */
const PEOPLE = 1_300;
/** Two such traits no record of a change could hold. */
const LARGE = 'x'.repeat(500_000);

test('a sweep gets past many components, those that it takes away among them, and one of which no record could tell', async () => {
  const backend = await startEmbedded();
  const it = await decidedApart(backend.environment, CONFIG);
  await it.log.ensureTopics(topicSpecs(30));
  await it.directives.begin();
  // Each third is known by the till alone, each other third by it as well
  const sent = Array.from({ length: PEOPLE }, (_, i) => {
    const [user, mail] = [
      { type: 'user_id', value: `u${i}` },
      { type: 'email', value: `u${i}@x.de` },
    ];
    const city = JSON.stringify({ city: 'Bonn' });
    const till = interactionOf(`t${i}`, 'till', [user, mail], AT + i, city);
    return i % 3 === 0 ? [till] : [interactionOf(`w${i}`, 'web', [user], AT + i, null), ...(i % 3 === 1 ? [till] : [])];
  }).flat();
  const large = [{ type: 'user_id', value: 'large' }];
  const tooLarge = [
    interactionOf('l1', 'web', large, AT, JSON.stringify({ note: LARGE })),
    interactionOf('l2', 'till', large, AT + 1, JSON.stringify({ memo: LARGE })),
  ];
  await it.decide(sent);
  const own = { workspace: 'shop', config: CONFIG.workspaces[0]!.identity, traits: CONFIG.workspaces[0]!.traits };
  const truth = (revoked: readonly string[]) =>
    replay(sent, { ...own, regionOf: () => 'US', directed: { revokedSources: new Set(revoked) } }).profileByKey;
  expect(await publishedProfiles(it.state)).toEqual(truth([]));
  const { unfit } = await it.decide(tooLarge.slice(0, 1));
  expect(unfit).toEqual([]);
  await decide(it.log, [directiveOf(1, 'revoke', { source: 'till' })]);
  it.directives.start();
  await carriedOut(it.log, it.state);
  // While its source is revoked nothing is told of the other trait
  expect((await it.decide(tooLarge.slice(1))).unfit).toEqual([]);
  const large1 = (await publishedProfiles(it.state)).get('user_id:large')!;
  const without = (found: Map<string, string>) => new Map([...found].filter(([key]) => key !== 'user_id:large'));
  expect(without(await publishedProfiles(it.state))).toEqual(truth(['till']));

  // Told again of all, but for the one that is too large: it stays as it was
  await decide(it.log, [directiveOf(2, 'clear', { source: 'till' })]);
  await carriedOut(it.log, it.state);
  expect(without(await publishedProfiles(it.state))).toEqual(truth([]));
  expect((await publishedProfiles(it.state)).get('user_id:large')).toBe(large1);
  expect((await it.metrics.undecided.get()).values[0]?.value).toBe(1);
  await it.stop();
  await backend.stop();
});

test('hubs that are none any more, with the same people around them, become one without fighting each other', async () => {
  const backend = await startEmbedded();
  const wide = { limits: { user_id: 5, anonymous_id: 100_000, email: 100_000 }, caps: { email: 10 } };
  const [closed, open] = [{ limits: { user_id: 1 }, caps: { email: 2 } }, wide].map((rules) =>
    withRules(CONFIG, rules),
  );
  // Forty people on a hundred browsers, of whom everybody now and then uses the addresses of everybody
  const sent = Array.from({ length: 600 }, (_, i) => {
    const identifiers = [
      { type: 'user_id', value: `u${i % 40}` },
      { type: 'anonymous_id', value: `n${(i * 7) % 101}` },
    ];
    if (i % 3 === 0) identifiers.push({ type: 'email', value: `shared${(i * 11) % 67}@x.de` });
    return interactionOf(`m${i}`, 'web', identifiers, AT + i, null);
  });
  const truth = ({ workspaces }: typeof CONFIG) => {
    const { identity: config, traits } = workspaces[0]!;
    return replay(sent, { workspace: 'shop', config, traits, regionOf: () => 'US' }).profileByKey;
  };
  const first = await decidedApart(backend.environment, closed!);
  await first.log.ensureTopics(topicSpecs(30));
  await first.directives.begin();
  await first.decide(sent);
  expect(await publishedProfiles(first.state)).toEqual(truth(closed!));
  await first.stop();

  const second = await decidedApart(backend.environment, open!);
  await second.directives.begin();
  second.directives.start();
  await expect.poll(() => publishedProfiles(second.state), { timeout: 20_000 }).toEqual(truth(open!));
  expect((await second.metrics.races.get()).values[0]?.value ?? 0).toBe(0);
  await second.stop();
  await backend.stop();
});

test('of hubs that are freed together the one that cannot be told with the others stays as it was, and the others become one', async () => {
  const backend = await startEmbedded();
  const [closed, open] = [2, 10].map((email) =>
    withRules(CONFIG, { limits: { user_id: 9, email: 99 }, caps: { email } }),
  );
  const first = await decidedApart(backend.environment, closed!);
  await first.log.ensureTopics(topicSpecs(30));
  await first.directives.begin();
  let messages = 0;
  const seen = (n: number, m: number | null, note?: string) => {
    messages += 1;
    const identifiers = [{ type: 'user_id', value: `u${n}` }];
    if (m !== null) identifiers.push({ type: 'email', value: `shared${m}@x.de` });
    const traits = note === undefined ? null : JSON.stringify({ [note]: LARGE });
    return interactionOf(`m${messages}`, 'web', identifiers, AT + messages, traits);
  };
  for (const m of [0, 1, 2, 3]) await first.decide([0, 1, 2].map((n) => seen(n, m)));
  await first.decide([2, 7, 8].map((n) => seen(n, 9)));
  // No record could hold what is said of both
  await first.decide([seen(1, null, 'note'), seen(7, null, 'memo')]);
  for (const m of [0, 1, 2, 3, 9])
    await first.decide([{ ...seen(0, m), identifiers: [{ type: 'email', value: `shared${m}@x.de` }] }]);
  const before = await publishedProfiles(first.state);
  await first.stop();

  const second = await decidedApart(backend.environment, open!);
  await second.directives.begin();
  second.directives.start();
  const swept = async () => (await second.metrics.undecided.get()).values[0]?.value;
  await expect.poll(swept, { timeout: 20_000 }).toBe(1);
  await expect
    .poll(async () => (await publishedProfiles(second.state)).get('email:shared3@x.de'), { timeout: 20_000 })
    .toBe(before.get('user_id:u0'));
  const now = await publishedProfiles(second.state);
  for (const key of ['user_id:u0', 'user_id:u1', 'user_id:u2', ...[0, 1, 2, 3].map((m) => `email:shared${m}@x.de`)])
    expect(now.get(key)).toBe(before.get('user_id:u0'));
  for (const key of ['user_id:u7', 'user_id:u8', 'email:shared9@x.de']) expect(now.get(key)).toBe(before.get(key));
  await second.stop();
  await backend.stop();
});
