import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, type Read, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec, openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, systemClock } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createAudit } from './audit.ts';

const BY = { workspace: 'shop', name: 'key desk', verbs: ['profiles'], fields: null } as const;

test('while the log is away reads are held in order, refused once too many are, and written when it is back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-audit-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const real = resources.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await real.ensureTopics(topicSpecs(30));
  let isAway = true;
  const log: EventLog = {
    ...real,
    append: async (topic, records) => {
      if (isAway) throw new KenalError('log_unavailable');
      return real.append(topic, records);
    },
  };
  const health = createHealth();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const audit = createAudit({ log, clock: systemClock, health, logger });

  audit.note(BY, 'getProfile', ['p1'], ['traits']);
  for (let n = 0; n < 1_000; n++) audit.note(BY, 'getProfiles', Array(100).fill('p2'));
  expect(() => audit.admit()).toThrow(expect.objectContaining({ code: 'unavailable' }));
  await expect.poll(async () => (await health.report()).ok, { timeout: 5_000 }).toBe(false);
  isAway = false;
  await audit.stop();
  expect(() => audit.admit()).not.toThrow();
  const [end] = await real.ranges(TOPICS.reads.name);
  expect(end?.latest).toBe(100_001);
  const [first] = await real.read({ topic: TOPICS.reads.name, partition: 0, offset: 0 }, { records: 1 });
  const { decode } = createCodec<Read>('read');
  expect(decode(first!.value)).toMatchObject({
    ...{ workspace: 'shop', reader: 'key desk', action: 'getProfile', profileId: 'p1', fields: ['traits'] },
  });
});
