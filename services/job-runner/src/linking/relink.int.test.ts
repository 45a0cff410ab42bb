import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  type IdentityState,
  type Job,
  type JobQueue,
  kenalConfigSchema,
  LINK_JOB,
  type LogBatch,
  TOPICS,
} from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { hashKey } from '@kenal/service-kit';
import { openEmbeddedState } from '@kenal/state/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addLinkJob } from '../schedules.ts';
import { createRelink, RELINK_JOB } from './relink.ts';

const WORKSPACE = 'shop';
const config = kenalConfigSchema.parse({
  workspaces: [{ id: WORKSPACE, sources: [{ id: 'web', keys: [{ key: hashKey('k') }] }] }],
});
const { encode } = createCodec<Directive>('directive');
const DIRECTIVE: Directive = {
  ...{ id: 'd', workspace: WORKSPACE, issuedAt: 1, actor: 'a', reason: 'r', kind: 'revoke', source: null, pairs: [] },
  ...{ profileId: null, erased: [], consent: null, document: null, base: null, model: null },
};

let queue: JobQueue;
let state: IdentityState;
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-relink-'));
  queue = await openEmbeddedQueue({ dataDir });
  state = await openEmbeddedState({ dataDir });
});
afterAll(async () => {
  await queue?.close();
  await state?.close();
});

const relinkOf = (hasModel: boolean) =>
  createRelink({
    ...{ config, state, queue, settled: async () => true },
    models: { inForce: async () => (hasModel ? ({ model: { version: 'm' } } as never) : null), freshMs: 1 },
  });
const batchOf = (...directives: readonly Partial<Directive>[]): LogBatch => ({
  ...{ topic: TOPICS.directives.name, partition: 0, highWatermark: directives.length },
  records: directives.map((more, offset) => ({
    ...{ topic: TOPICS.directives.name, partition: 0, offset, timestamp: 0, key: null, headers: {} },
    value: encode({ ...DIRECTIVE, ...more }),
  })),
});
const jobs = (name: string): Promise<readonly Job[]> => queue.list({ name, limit: 100 });

test('each revoke or clear of a source is a job of its own, however often it is read, and nothing else is one', async () => {
  const batch = batchOf(
    { id: 'd1', source: 'web' },
    { id: 'd2', kind: 'must' },
    { id: 'd3', kind: 'clear', source: 'web' },
    { id: 'd4', source: 'web', workspace: 'elsewhere' },
  );
  await relinkOf(true).onBatch(batch);
  await relinkOf(true).onBatch(batch);
  expect((await jobs(RELINK_JOB)).map(({ data }) => data)).toEqual([
    { workspace: WORKSPACE, position: 0 },
    { workspace: WORKSPACE, position: 2 },
  ]);
});

test('a pass is asked for once the directive has taken effect, and none runs that may know nothing of it', async () => {
  const job = { data: { workspace: WORKSPACE, position: 2 } } as unknown as Job;
  const { work } = relinkOf(true);
  const applied = (offset: number) =>
    state.advance([{ workspace: WORKSPACE, partition: DIRECTIVES_APPLIED_PARTITION, offset }]);
  await applied(2);
  await expect(work(job)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/not taken/) });
  await applied(3);

  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const worker = await queue.work(LINK_JOB, 1, async () => {
    begun.resolve();
    await end.promise;
  });
  await addLinkJob(queue, WORKSPACE);
  await begun.promise;
  // Also the first one, whose model is not in force yet
  for (const relink of [relinkOf(true), relinkOf(false)])
    await expect(relink.work(job)).rejects.toMatchObject({ message: expect.stringMatching(/a pass runs/) });
  end.resolve();
  await worker.drain();

  await relinkOf(false).work(job);
  expect((await jobs(LINK_JOB)).filter(({ state: how }) => how !== 'done')).toEqual([]);
  await work(job);
  expect((await jobs(LINK_JOB)).filter(({ state: how }) => how !== 'done')).toMatchObject([{ state: 'waiting' }]);
});
