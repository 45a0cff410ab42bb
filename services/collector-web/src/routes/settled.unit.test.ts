import { expect, test } from 'vitest';
import { OFF_KEY, startCollector, WEB_KEY } from '../test-support.ts';

test('whether all is settled is told to holders of a write key, by their own process, and to nobody else', async () => {
  await using collector = await startCollector();
  const ask = async (key: string | null): Promise<[number, unknown]> => {
    const headers = key === null ? {} : { 'x-write-key': key };
    const answer = await fetch(`${collector.url}/v1/settled?wait=0`, { headers });
    return [answer.status, ((await answer.json()) as { settled?: boolean }).settled];
  };
  expect(await ask(WEB_KEY)).toEqual([200, true]);
  await collector.post('/v1/track', { userId: 'u', event: 'Seen' });
  expect(await ask(WEB_KEY)).toEqual([200, false]); // nobody resolves here
  const others = await Promise.all([null, 'nobody', OFF_KEY].map(ask));
  expect(others.map(([status]) => status)).toEqual([401, 401, 403]);
});
