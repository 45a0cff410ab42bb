import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEYS, startWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.feed('bank', [{ id: 'b1', identifiers: [{ type: 'user_id', value: 'ann' }] }]);
});
afterAll(() => world[Symbol.asyncDispose]());

const HEAVY =
  'SELECT sum(cityHash64(number, toString(number))) FROM numbers(190000000) SETTINGS max_execution_time = 0.3';
const sql = (key: string, statement: string) =>
  fetch(`${world.url}/v1/sql`, { method: 'POST', body: statement, headers: { authorization: `Bearer ${key}` } });

test('a reader who asks for more than there is waits alone', async () => {
  let heavy = 0;
  const flood = Array.from({ length: 24 }, async () => {
    const answer = await sql(KEYS.shop, HEAVY);
    if (answer.status !== 503) heavy++;
    return answer;
  });
  const refused = await Promise.any(
    flood.map(async (asked) => ((await asked).status === 503 ? asked : Promise.reject())),
  );
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.text()).toMatch(/^Code: 202\. DB::Exception: .*\(TOO_MANY_SIMULTANEOUS_QUERIES\)\n$/);

  const bank = { headers: { 'x-read-key': KEYS.bank } };
  const others = await Promise.all([
    fetch(`${world.url}/readyz`),
    fetch(`${world.url}/v1/profiles/user_id:ann/timeline`, bank),
    fetch(`${world.url}/v1/status`, bank),
    sql(KEYS.bank, 'SELECT count() FROM interactions'),
  ]);
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await others[3].text()).toBe('1\n');
  expect(heavy, 'statements of the greedy one that were answered before').toBeLessThan(8);
  const answers = await Promise.all(flood);
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(8);
});
