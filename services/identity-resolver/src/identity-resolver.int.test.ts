import { afterAll, beforeAll, describe, test } from 'vitest';
import { startProcess } from '../../../test/support/process.ts';
import { STEPS, type Step } from './step-hook.ts';
import { type Backend, openAdapters, startDistributed, startEmbedded } from './testing/backends.ts';
import { drained, expectLedger, feed } from './testing/ledger.ts';
import { generate } from './testing/people.ts';
import { startResolver } from './testing/resolver.ts';

/** So few that much is left to the lane, here and there. */
const LITTLE = { mostFields: 12 };
const CHILD = new URL('testing/crash-child.ts', import.meta.url).pathname;

// Both wait for most of their time, for leases and sessions of the killed
describe.concurrent.each([
  // A dead member of a Kafka group is missed after ten seconds: there three points stand for the ten
  { name: 'embedded', start: startEmbedded, steps: STEPS },
  { name: 'Kafka and Redis', start: startDistributed, steps: ['committed', 'advanced', 'appended'] satisfies Step[] },
])('identity resolver on $name', ({ start, steps }) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await start();
  });
  afterAll(() => backend?.stop());

  test('profiles, feed and rows equal a pure replay: two instances, a kill −9 between any two steps, a flushed state', {
    timeout: 300_000,
  }, async ({ expect }) => {
    const { environment } = backend;
    const { log, state } = await openAdapters(environment);
    const all = generate(7, 600 + steps.length * 250);
    const take = (count: number) => all.splice(0, count);
    const sent: typeof all = [];
    const send = async (count: number) => {
      const part = take(count);
      sent.push(...part);
      await feed(log, part);
    };

    // Two at once on a shared group
    await send(300);
    const [one, two] = await Promise.all([
      startResolver(environment),
      startResolver(environment, undefined, undefined, undefined, LITTLE),
    ]);
    await send(100);
    await drained(log);
    await expectLedger(log, state, sent);
    await Promise.all([one.stop(), two.stop()]);

    for (const [n, step] of steps.entries()) {
      await send(150);
      const rounds = 1 + (n % 2);
      const child = startProcess(`resolver that dies after ${step}`, [CHILD], {
        CRASH_STEP: step,
        CRASH_AFTER: String(rounds),
        ADAPTERS: JSON.stringify(environment),
        ...(n % 2 === 0 ? {} : { MOST_FIELDS: String(LITTLE.mostFields) }),
      });
      await child.seen(/passed 1/);
      await send(100);
      await child.seen(new RegExp(`passed ${rounds}`));
      expect(await child.ended, child.output()).toBe(null); // by a signal
    }

    // The state is lost while a resolver runs idle, and while it works
    const last = await startResolver(environment, undefined, undefined, undefined, LITTLE);
    await drained(log);
    await expectLedger(log, state, sent);
    await backend.flush();
    await send(all.length);
    await feed(log, sent.slice(0, 50));
    await expect.poll(() => last.metrics(), { timeout: 20_000 }).toMatch(/rewinds_total [1-9]/);
    await drained(log);
    await expectLedger(log, state, sent);
    await last.stop();

    // The state is lost while nobody runs
    await backend.flush();
    const heir = await startResolver(environment);
    await expect
      .poll(async () => (await heir.state.processed(['shop'], [0, 1, 2, 3, 4, 5, 6, 7])).map(({ offset }) => offset), {
        timeout: 30_000,
      })
      .toEqual((await log.ranges('kenal.interactions.v1')).map(({ latest }) => latest));
    await heir.stop();
    await expectLedger(log, state, sent);
    await log.close();
    await state.close();
  });
});
