import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportDocumentSchema } from '@kenal/contracts';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import type { DeclaredExport } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createPlans } from './plans.ts';

const of = (name: string, schedule?: string): DeclaredExport => ({
  ...exportDocumentSchema.parse({ what: 'orders', schedule }),
  ...{ name, workspace: 'shop', timezone: 'UTC', from: 'api', allowsPrivate: false },
});

test('exports that went leave no schedule behind, also where they went while nobody looked', async () => {
  const queue = await openEmbeddedQueue({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-plans-')) });
  const monthsOf = async (): Promise<number[]> =>
    (await queue.list({ state: 'delayed', limit: 10 })).map(({ runAt }) => new Date(runAt).getUTCMonth()).sort();
  const [january, may, july] = [of('a', '0 4 1 1 *'), of('b', '0 4 1 5 *'), of('c', '0 4 1 7 *')];
  const first = createPlans(queue, async () => undefined);
  await first.follow([january, may, july, of('at once')]);
  expect(await monthsOf()).toEqual([0, 4, 6]);
  await first.follow([january, { ...may, schedule: '0 4 1 6 *' }]);
  expect(await monthsOf()).toEqual([0, 5]);
  await first.follow([of('a'), may]);
  expect(await monthsOf()).toEqual([4]);
  const [left] = await queue.list({ state: 'delayed', limit: 10 });
  expect(left?.data).toEqual({ workspace: 'shop', export: 'b', cron: '0 4 1 5 *' });
  await first.stop();
  const second = createPlans(queue, async () => undefined);
  await second.follow([]);
  expect(await monthsOf()).toEqual([]);
  await second.follow([july]);
  expect(await monthsOf()).toEqual([6]);
  await second.stop();
  await queue.close();
});
