import type { Job } from '@kenal/contracts';
import { expect, test, vi } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';
import type { JobView } from './schemas.ts';

const shop = useShop();

interface Answer extends JobView {
  readonly jobs: readonly JobView[];
  readonly code: string;
}
const read = async (reply: Promise<Response>) => {
  const answer = await reply;
  return { status: answer.status, body: (await answer.json()) as Answer };
};
const get = (path: string, key: string = KEYS.steward) => read(shop.world.get(path, { 'x-read-key': key }));
const retry = (id: string) => read(shop.world.post(`/v1/jobs/count/${id}/retry`, ''));

test('jobs of a workspace are listed and shown with what became of them, and a dead one is retried', async () => {
  const { queue } = shop.world;
  const job = (workspace: string, n: number) => ({ name: 'count', data: { workspace, n }, attempts: 1 });
  const [dead, waiting, foreign] = await queue.add([
    job('shop', 1),
    { ...job('shop', 2), delayMs: 60_000, group: 'g' },
    { ...job('bank', 3), delayMs: 60_000 },
  ]);
  const worker = await queue.work('count', 1, async (_job: Job, progress) => {
    await progress(2, 3, 'two of three');
    throw new Error('the third is missing');
  });
  await vi.waitFor(async () => expect((await get(`/v1/jobs/count/${dead}`)).body.state).toBe('dead'), 10_000);
  await worker.drain();

  const { body } = await get('/v1/jobs?name=count');
  expect(body.jobs.map(({ id }) => id)).toEqual([waiting, dead]);
  expect(body.jobs[0]).toMatchObject({ state: 'delayed', group: 'g', attempt: 0, data: { n: 2 } });
  expect(body.jobs[1]).toMatchObject({
    ...{ state: 'dead', attempt: 1, attempts: 1, lastError: 'the third is missing' },
    progress: { done: 2, total: 3, note: 'two of three' },
  });
  expect((await get('/v1/jobs?state=dead')).body.jobs.map(({ id }) => id)).toEqual([dead]);

  expect(await retry(dead!)).toMatchObject({ status: 202, body: { state: 'waiting', attempt: 0 } });
  expect(await retry(waiting!)).toMatchObject({ status: 409, body: { code: 'job_not_dead' } });
  expect(await retry(foreign!)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await get(`/v1/jobs/count/${foreign}`)).status).toBe(404);
  expect((await get(`/v1/jobs/count/${foreign}`, KEYS.bankSteward)).body.data).toEqual({ workspace: 'bank', n: 3 });
});
