import type { EventLog, IdentityState, SubscribeOptions } from '@kenal/contracts';
import { TOPICS } from '@kenal/contracts';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createIdentityResolver } from './app.ts';
import { OutOfPlace } from './positions.ts';
import { openAdapters, startEmbedded } from './testing/backends.ts';
import { drained, feed } from './testing/ledger.ts';
import { CONFIG, generate } from './testing/people.ts';

test('an idle resolver says that its state is away, and that it is back; a batch out of place is no fault', async () => {
  const backend = await startEmbedded();
  const { log, state } = await openAdapters(backend.environment);
  let away = false;
  let options: SubscribeOptions | undefined;
  // The real adapters, with a switch before one verb and an ear at another
  const failing: IdentityState = Object.assign(Object.create(state), {
    processed: async (...asked: Parameters<IdentityState['processed']>) => {
      if (away) throw new Error('the state is away');
      return state.processed(...asked);
    },
  });
  const heard: EventLog = Object.assign(Object.create(log), {
    subscribe: (given: SubscribeOptions) => {
      options = given;
      return log.subscribe(given);
    },
  });
  const health = createHealth();
  const logger = createLogger({ name: 'health-test', level: 'silent' });
  const metrics = createMetrics();
  const common = { config: CONFIG, clock: systemClock, metrics, health, logger };
  const resolver = createIdentityResolver({ ...common, log: heard, state: failing });
  await resolver.start();
  const report = async () => (await health.report()).lines.find(({ name }) => name === 'identity-resolver')!.detail;
  await feed(log, generate(17, 20));
  await drained(log);
  expect(await report()).toBe('ok');
  away = true;
  await expect.poll(report, { timeout: 10_000 }).toBe('the state is away');
  away = false;
  await expect.poll(report, { timeout: 10_000 }).toBe('ok');
  const topic = TOPICS.interactions.name;
  const record = { topic, partition: 999, offset: 0, timestamp: 0, key: null, value: new Uint8Array(1) };
  const stray = options!.onBatch({ topic, partition: 999, records: [record], highWatermark: 1 });
  await expect(stray).rejects.toBeInstanceOf(OutOfPlace);
  expect(await report()).toBe('ok');
  // A partition of ours that was moved on by mistake is read again from where it should be, not refused for ever
  const rewinds = async () => Number(/rewinds_total (\d+)/.exec((await metrics.render()).text)?.[1]);
  const before = await rewinds();
  const ahead = options!.onBatch({
    topic,
    partition: 0,
    records: [{ ...record, partition: 0, offset: 1e6 }],
    highWatermark: 1e6,
  });
  await expect(ahead).rejects.toBeInstanceOf(OutOfPlace);
  expect(await rewinds()).toBe(before + 1);
  await feed(log, generate(18, 20));
  await drained(log);
  expect(await report()).toBe('ok');
  await resolver.stop();
  await state.close();
  await log.close();
  await backend.stop();
});
