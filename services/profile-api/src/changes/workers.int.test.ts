import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangeEnvelope, GROUPS, type Interaction, TOPICS } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { startProcess, type TestProcess } from '../../../../test/support/process.ts';
import { INTERACTION } from '../testing/world.ts';
import { KEYS, startFeedHost } from './testing/feed-host.ts';
import { follow } from './testing/sse-client.ts';

/** Of `npm run test:long`; the ledger test (test/chaos) follows the feed under kills each time. */
const PEOPLE = Number(process.env.KENAL_FEED_PROFILES ?? 0);
const CHANGES = 20;
const WORKERS = 3;
/** The lease of one who died ends after ten seconds. */
const KILL_MS = 15_000;
const RESOLVER = new URL('../../../identity-resolver/src/main.ts', import.meta.url).pathname;

test.skipIf(PEOPLE === 0)(
  `${PEOPLE} profiles × ${CHANGES} changes by workers that are killed −9: a follower who is cut off at random misses nothing, and sees nothing late or twice`,
  { timeout: 1_800_000 },
  async () => {
    await using host = await startFeedHost();
    const config = join(host.dataDir, 'kenal.yaml');
    const sources = [{ id: 'web', keys: [{ key: hashKey('write') }] }];
    await writeFile(config, JSON.stringify({ workspaces: [{ id: 'shop', sources }] })); // JSON is YAML
    const env = { KENAL_DATA: host.dataDir, KENAL_CONFIG: config };
    const start = (): TestProcess => startProcess('identity-resolver', [RESOLVER], env);
    const workers = Array.from({ length: WORKERS }, start);

    await feed(host.log);
    const done = new AbortController();
    const killing = (async () => {
      for (let n = 0; !done.signal.aborted; n += 1) {
        await sleep(n === 0 ? 2_000 : KILL_MS, undefined, { signal: done.signal }).catch(() => undefined);
        if (done.signal.aborted) return;
        await workers[n % WORKERS]!.kill();
        workers[n % WORKERS] = start();
      }
    })();

    const last = new Map<string, ChangeEnvelope>();
    let [lastId, seen, isOver] = ['', 0, false];
    const following = (async () => {
      while (!isOver || seen < (await told(host.log))) {
        using client = await follow(`${host.url}/v1/changes?from=earliest`, KEYS.shop, lastId);
        for (let left = Math.ceil(Math.random() * 5_000); left > 0; left -= 1) {
          const message = await client.next();
          if (message === null) break;
          lastId = client.lastId;
          if (message.event !== 'message') {
            if (isOver) break;
            continue;
          }
          const change = JSON.parse(message.data) as ChangeEnvelope;
          expect(change.previousVersion, change.id).toBe(last.get(change.profileId)?.version ?? 0);
          last.set(change.profileId, change);
          seen += 1;
        }
      }
    })();

    await resolved(host.log);
    done.abort();
    await killing;
    isOver = true;
    await following;
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(last.size).toBe(PEOPLE);
    for (const { after } of last.values()) expect(after?.traits).toEqual({ round: CHANGES });
  },
);

/** Everybody says something new, a round after the other. */
async function feed(log: Parameters<typeof createTopicWriter>[0]): Promise<void> {
  const writer = createTopicWriter<Interaction>(log, 'interactions');
  for (let round = 1; round <= CHANGES; round += 1)
    for (let from = 0; from < PEOPLE; from += 500)
      await writer.append(
        Array.from({ length: Math.min(500, PEOPLE - from) }, (_, i) => {
          const id = `u${from + i}`;
          const at = INTERACTION.clientAt! + round * 1_000_000;
          const value: Interaction = {
            ...{
              ...INTERACTION,
              id: `${id}-${round}`,
              workspace: 'shop',
              type: 'identify',
              clientAt: at,
              receivedAt: at,
            },
            ...{ identifiers: [{ type: 'user_id', value: id }], traits: JSON.stringify({ round }) },
          };
          return { key: `shop/${id}`, value };
        }),
      );
}

async function resolved(log: Parameters<typeof createTopicWriter>[0]): Promise<void> {
  const topic = TOPICS.interactions.name;
  const isDone = async (): Promise<boolean> => {
    const done = new Map((await log.committed(GROUPS.resolver, [topic])).map((at) => [at.partition, at.offset]));
    return (await log.ranges(topic)).every(({ partition, latest }) => (done.get(partition) ?? 0) >= latest);
  };
  await expect.poll(isDone, { timeout: 600_000, interval: 200 }).toBe(true);
}

/** How many different changes stand in the topic. */
async function told(log: Parameters<typeof createTopicWriter>[0]): Promise<number> {
  const keys = new Set<string>();
  for (const { topic, partition, earliest, latest } of await log.ranges(TOPICS.changes.name))
    for (let offset = earliest; offset < latest; ) {
      const page = await log.read({ topic, partition, offset }, { records: 2_000 });
      for (const { headers } of page) keys.add(headers?.ce_id ?? '');
      offset = (page.at(-1)?.offset ?? latest) + 1;
    }
  return keys.size;
}
