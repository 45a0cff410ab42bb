import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EventLog, TOPICS, WEBHOOK_JOB, WEBHOOK_MOST_WAITING, webhookGroup } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { topicSpecs } from '@kenal/event-log';
import { openEmbeddedLog } from '@kenal/event-log/embedded';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { expect, test, vi } from 'vitest';
import { change, publish } from './testing/changes.ts';
import { ENDPOINT, startReader } from './testing/reader.ts';

/** What a killed member of the group held is free again so soon. */
const LEASE_MS = 500;
const CHILD = fileURLToPath(new URL('testing/crash-child.ts', import.meta.url));

async function open() {
  const undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-webhooks-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const log = undo.adopt(await openEmbeddedLog({ logDir: join(dataDir, 'log'), leaseMs: LEASE_MS }), (it) =>
    it.close(),
  );
  await log.ensureTopics(topicSpecs(30));
  const queue = undo.adopt(await openEmbeddedQueue({ dataDir }), (it) => it.close());
  const jobs = () => queue.list({ name: WEBHOOK_JOB, limit: 9_999 });
  const places = () => log.committed(webhookGroup(ENDPOINT.id), [TOPICS.changes.name]);
  const hasPlace = () => expect.poll(places).toHaveLength(8);
  return { dataDir, log, queue, jobs, hasPlace, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}

test('an endpoint keeps the place where it was seen first, also where the log was away just then and nothing came', async () => {
  await using bench = await open();
  const { log, queue, jobs, hasPlace } = bench;
  let asked = 0;
  const shaky: EventLog = {
    ...log,
    async committed(group, topics) {
      asked += 1;
      if (asked === 2) throw new KenalError('log_unavailable');
      return log.committed(group, topics);
    },
  };
  const first = await startReader(shaky, queue);
  await hasPlace();
  await first.stop();
  await publish(log, [change('p1', 1)]);
  const second = await startReader(log, queue);
  await expect.poll(jobs).toHaveLength(1);
  await second.stop();
});

test('killed −9 between the queue and its place in the feed nothing is lost and nothing stands there twice; with too many waiting it stands still', async () => {
  await using bench = await open();
  const { dataDir, log, queue, jobs, hasPlace } = bench;
  // A place in the feed, from which the child goes on
  const first = await startReader(log, queue);
  await hasPlace();
  await first.stop();
  await publish(
    log,
    Array.from({ length: 30 }, (_, n) => change(`p${n % 3}`, n)),
  );

  for (const when of ['before', 'after']) {
    const child = spawn(process.execPath, [CHILD, dataDir, when], { stdio: 'inherit' });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
  }
  expect((await jobs()).length).toBeGreaterThan(0);

  const second = await startReader(log, queue);
  await vi.waitFor(async () => expect(await jobs()).toHaveLength(30), 20_000);
  const events = (await jobs()).map(({ data }) => data.event);
  expect(new Set(events).size).toBe(30);
  for (const profile of ['p0', 'p1', 'p2']) {
    const own = (await jobs())
      .filter(({ data }) => data.profileId === profile)
      .map(({ data }) => Number(String(data.event).slice(3)));
    expect(own).toEqual(own.toSorted((one, other) => one - other));
  }

  await publish(
    log,
    Array.from({ length: 1_300 }, (_, n) => change('p9', n)),
  );
  await vi.waitFor(async () => expect((await jobs()).length).toBeGreaterThanOrEqual(WEBHOOK_MOST_WAITING), 20_000);
  await publish(log, [change('p9', 9_999)]);
  await second.stop();
  expect((await jobs()).length).toBeLessThan(WEBHOOK_MOST_WAITING + 200);
}, 60_000);
