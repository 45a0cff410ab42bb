import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GROUPS, type Resolved, TOPICS } from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import { expect, it, vi } from 'vitest';
import { createWarehouseLoader } from './app.ts';
import { config, interaction, resolved, temporaryDirectory, WORKSPACE } from './test-support.ts';

it('fills a warehouse that was lost from the log, and one that is whole not again', async () => {
  await using directory = await temporaryDirectory();
  const dataDir = directory.path;
  const log = await openEventLog({ dataDir, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  const writer = createTopicWriter<Resolved>(log, 'resolved');
  const write = (ids: readonly string[]) =>
    writer.append(ids.map((id) => ({ key: id, value: resolved(interaction(id), 'user_id:u', 'p') })));
  const topic = TOPICS.resolved.name;

  /** Run a loader until all is committed. @returns message ids in the warehouse, and what the loader warned of */
  const run = async (meanwhile: () => Promise<unknown> = async () => undefined) => {
    const warehouse = await openWarehouse({ dataDir });
    await warehouse.migrate();
    const logger = createLogger({ name: 'loader', level: 'silent' });
    const warned = vi.spyOn(logger, 'warn');
    const common = { log, warehouse, config, clock: systemClock, metrics: createMetrics(), health: createHealth() };
    const loader = createWarehouseLoader({ ...common, logger });
    await loader.start();
    await meanwhile();
    const ids = async () => {
      const rows = await warehouse.query<{ id: string }>('SELECT message_id AS id FROM kenal.interactions', {
        workspace: WORKSPACE,
      });
      return rows.map(({ id }) => id).sort();
    };
    const ends = (await log.ranges(topic)).reduce((sum, { latest }) => sum + latest, 0);
    await vi.waitFor(
      async () => {
        const committed = await log.committed(GROUPS.loader, [topic]);
        expect(committed.reduce((sum, { offset }) => sum + offset, 0)).toBe(ends);
        expect(await ids()).toHaveLength(ends);
      },
      { timeout: 10_000, interval: 30 },
    );
    await loader.stop();
    const found = { ids: await ids(), warned: warned.mock.calls.map(([detail]) => detail) };
    await warehouse.close();
    return found;
  };

  const first = ['a', 'b', 'c', 'd'];
  expect(await run(() => write(first))).toEqual({ ids: first, warned: [] });
  expect(await run()).toEqual({ ids: first, warned: [] });
  await rm(join(dataDir, 'warehouse'), { recursive: true });
  await write(['e']);
  const again = await run();
  expect(again.ids).toEqual([...first, 'e']);
  expect(again.warned).toEqual([expect.objectContaining({ records: 4, expired: 0 })]);
  expect(await run()).toEqual({ ids: [...first, 'e'], warned: [] });
  await log.close();
});
