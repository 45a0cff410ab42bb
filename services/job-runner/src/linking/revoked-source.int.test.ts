import { standingOf } from '@kenal/identity';
import { expect, test, vi } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { crowd, identify, THEODORA, THEODORA_LATER, WORKSPACE } from '../testing/people.ts';
import { link, startWorld } from '../testing/world.ts';

const PEOPLE = 80;
const PATIENCE = { timeout: 30_000, interval: 100 };
const [WEB, ACCOUNT, PHONE] = ['anonymous_id:theodora', 'user_id:4711', 'device_id:theodora-phone'];

test('what was found on the records of a source goes when it is revoked, and comes back when that is taken back', async () => {
  await using world = await startWorld(await migratedDirectory());
  // Of the account the app knows all, and the web a city
  const [web, crm] = THEODORA;
  const account = { ...crm, id: 'app/4711', source: 'app' };
  await world.feed([...crowd(PEOPLE), web, account, identify('web', ACCOUNT, { city: 'Exeter' })]);
  await link(world);
  const profileOf = async (key: string): Promise<string> => {
    const { pointers, components } = await world.state.load(WORKSPACE, [key]);
    return standingOf(components.get(pointers.get(key) ?? '')?.fields ?? new Map(), key).profileId;
  };
  const isOne = async (a: string, b: string) => {
    const [one, other] = [await profileOf(a), await profileOf(b)];
    expect([one, other]).not.toContain('');
    return one === other;
  };
  const decide = async (kind: 'revoke' | 'clear') => {
    const { status } = await world.call('POST', '/v1/directives', { [kind]: { source: 'app' }, reason: 'bad import' });
    expect(status).toBe(202);
  };
  await vi.waitFor(async () => expect(await isOne(WEB, ACCOUNT)).toBe(true), PATIENCE);

  await decide('revoke');
  await vi.waitFor(async () => expect(await isOne(WEB, ACCOUNT)).toBe(false), PATIENCE);

  // Who comes meanwhile is not compared with what it said
  await world.feed([{ ...THEODORA_LATER, source: 'crm' }]);
  await vi.waitFor(async () => expect(await isOne(WEB, PHONE)).toBe(true), PATIENCE);
  const links = (await world.directives()).flatMap(({ pairs }) => pairs.map(({ a, b }) => [a, b].sort()));
  expect(links).not.toContainEqual([PHONE, ACCOUNT].sort());

  await decide('clear');
  await vi.waitFor(async () => expect(await isOne(WEB, ACCOUNT)).toBe(true), PATIENCE);
  expect(await isOne(PHONE, ACCOUNT)).toBe(true);
});
