import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GROUPS, type Resolved, TOPICS } from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { openWarehouse } from '@kenal/warehouse';
import { expect, it, vi } from 'vitest';
import { interaction, resolved, temporaryDirectory, WORKSPACE } from './test-support.ts';

const CHILD = fileURLToPath(new URL('./test-child.ts', import.meta.url));
const ROUNDS = 6;
const A_ROUND = 4_000;

async function startChild(dataDir: string) {
  const child = spawn(process.execPath, [CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

it('loses nothing and shows nothing twice though it is killed again and again', async () => {
  await using directory = await temporaryDirectory();
  const log = await openEventLog({ dataDir: directory.path, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  const writer = createTopicWriter<Resolved>(log, 'resolved');
  let sequence = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const child = await startChild(directory.path);
    const items = Array.from({ length: A_ROUND }, () => {
      const event = interaction(`k-${sequence}`, { receipt: { collector: 'c1', sequence: ++sequence } });
      return { key: `p${sequence % 50}`, value: resolved(event, `user_id:${sequence % 50}`, `p${sequence % 50}`) };
    });
    for (let from = 0; from < A_ROUND; from += 500) await writer.append(items.slice(from, from + 500));
    // Somewhere between the first insert and the last commit
    await new Promise((resolve) => setTimeout(resolve, 40 + round * 90));
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const child = await startChild(directory.path);
  const topic = TOPICS.resolved.name;
  await vi.waitFor(
    async () => {
      const committed = await log.committed(GROUPS.loader, [topic]);
      const ends = (await log.ranges(topic)).filter(({ earliest, latest }) => latest > earliest);
      const at = (partition: number) => committed.find((position) => position.partition === partition)?.offset ?? 0;
      expect(ends.every(({ partition, latest }) => at(partition) === latest)).toBe(true);
    },
    { timeout: 20_000, interval: 50 },
  );
  child.kill('SIGTERM');
  await once(child, 'exit');
  const warehouse = await openWarehouse({ dataDir: directory.path });
  const [counted] = await warehouse.query('SELECT count() AS n, uniqExact(message_id) AS u FROM kenal.interactions', {
    workspace: WORKSPACE,
  });
  const [balance] = await warehouse.query('SELECT stored, difference FROM kenal.balance', { workspace: WORKSPACE });
  await warehouse.close();
  await log.close();
  expect(counted).toEqual({ n: ROUNDS * A_ROUND, u: ROUNDS * A_ROUND });
  expect(balance).toEqual({ stored: ROUNDS * A_ROUND, difference: 0 });
});
