/**
 * Loads and commits of small components a second, batch by batch as the resolver does them; and a person with 100,000
 * parked leaves.
 * Run: `node test/bench/state.bench.ts [embedded|redis] [batches]`; without an adapter both. Results: packages/state/README.md.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { openState } from '@kenal/state';
import { Redis } from 'ioredis';
import { startRedis } from '../support/redis.ts';
import { report } from './measure.ts';
import { measureStar } from './state-star.ts';

const BATCH = 500;
const PEOPLE = 20_000;
const WORKSPACE = 'bench';

/** Two identifiers, two owned sightings, one link, two traits and one message: an interaction of a person seen before or not. */
async function batch(state: IdentityState, random: () => number): Promise<void> {
  const people = new Set<number>();
  while (people.size < BATCH) people.add(Math.floor(random() * PEOPLE));
  const keys = [...people].flatMap((n) => [`user_id:u-${n}`, `email:person-${n}@example.com`]);
  const loaded = await state.load(WORKSPACE, keys);
  const commits: ComponentCommit[] = [...people].map((_, i) => {
    const pair = keys.slice(2 * i, 2 * i + 2);
    const known = loaded.pointers.get(pair[0]!);
    const target = known ?? randomUUID();
    const stamp = String(loaded.now + i);
    return {
      target,
      expect: new Map([[target, loaded.components.get(target)?.version ?? 0]]),
      absent: known ? [] : pair,
      absorb: [],
      set: new Map([
        [`o|${pair[0]}|web`, stamp],
        [`l|${pair[0]}|${pair[1]}|web`, stamp],
        [`t|${pair[0]}|name|web`, JSON.stringify({ value: 'Ada Lovelace', at: stamp })],
        [`t|${pair[0]}|city|web`, JSON.stringify({ value: 'London', at: stamp })],
      ]),
      unset: [],
      point: known ? [] : pair,
      issued: known ? new Map() : new Map([[target, pair[0]!]]),
      outbox: known ? [] : [{ key: target, value: new Uint8Array(300) }],
    };
  });
  const applied = await state.commit(WORKSPACE, commits);
  if (applied.includes(false)) throw new Error('a lone writer lost a race');
  await state.advance([{ workspace: WORKSPACE, partition: 0, offset: loaded.now }]);
  await state.relay(WORKSPACE, 'bench', 10_000, async () => {});
}

async function measure(name: string, state: IdentityState, batches: number): Promise<void> {
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  let slowest = 0;
  for (let n = 0; n < batches; n += 1) {
    const start = performance.now();
    await batch(state, random);
    slowest = Math.max(slowest, performance.now() - start);
  }
  const seconds = (performance.now() - began) / 1_000;
  const used = process.cpuUsage(cpu);
  const events = batches * BATCH;
  const perEvent = ((used.user + used.system) / events).toFixed(1);
  report({
    ...{ measure: `state (${name}): loads + commits`, value: events / seconds, unit: 'events/s' },
    detail: `${perEvent} client core-µs each, slowest batch of ${BATCH} ${slowest.toFixed(0)} ms`,
  });
}

const which = process.argv[2];
const batches = Number(process.argv[3] ?? 200);
process.stdout.write(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}\n`);
if (which !== 'redis') {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
  const state = await openState({ dataDir });
  await measure('SQLite', state, batches);
  const path = join(dataDir, 'state', 'identity.db');
  const db = new DatabaseSync(path);
  await measureStar('SQLite', state, async () => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return (await stat(path)).size;
  });
  db.close();
  await state.close();
  await rm(dataDir, { recursive: true });
}
if (which !== 'embedded') {
  const redis = await startRedis({ fsync: 'everysec' });
  const state = await openState({ redisUrl: redis.url });
  await measure('Redis', state, batches);
  const admin = new Redis(redis.url);
  const used = async () => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
  await measureStar('Redis', state, used);
  admin.disconnect();
  await state.close();
  await redis.stop();
}
