/**
 * Who is who on a real state: load, decide, write with the changes for subscribers, batch by batch as the resolver does it,
 * on one core. `node test/bench/resolution.bench.ts [embedded|redis] [events]`; without an adapter both.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Change, ComponentCommit, IdentityState, Interaction } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import {
  createNormaliser,
  decide,
  evidenceOf,
  groupEvidence,
  type InteractionEvidence,
  joinWants,
  rulesOf,
  type Wants,
} from '@kenal/identity';
import { openState } from '@kenal/state';
import { Redis } from 'ioredis';
import { startRedis } from '../support/redis.ts';
import { percentiles, plain, report, shown } from './measure.ts';

const WORKSPACE = 'bench';
/** As many as a round takes of one partition, and as few as keep an answer short. */
const [LARGE, SMALL] = [500, 50];
const config = { types: [], limits: {}, blocked: [] };
const rules = rulesOf(config, WORKSPACE);
const normalise = createNormaliser(config, 'US');
const codec = createCodec<Change>('change');
const NOTHING_MORE: Wants = { shelves: [], identifiers: [] };

let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x7fffffff;
};

/** An event of a person: a browser, often a user id, sometimes an e-mail address; a third of them say traits. */
function event(i: number, person: number): Interaction {
  const identifiers = [{ type: 'anonymous_id', value: `anonymous-${person}-${Math.floor(random() * 3)}` }];
  if (random() < 0.6) identifiers.push({ type: 'user_id', value: `user-${person}` });
  if (random() < 0.3) identifiers.push({ type: 'email', value: `person.${person}@gmail.com` });
  const identify = random() < 0.33;
  return interaction(
    i,
    identifiers,
    identify ? `{"name":"Person ${person}","city":"City ${i % 50}","visits":${i}}` : '{}',
  );
}

/** A person of whom nothing is known yet: two identifiers, one link, one profile. */
function stranger(i: number): Interaction {
  const identifiers = [
    { type: 'user_id', value: `stranger-${i}` },
    { type: 'email', value: `stranger.${i}@example.com` },
  ];
  return interaction(i, identifiers, `{"name":"Stranger ${i}"}`);
}

function interaction(i: number, identifiers: Interaction['identifiers'], traits: string): Interaction {
  const at = 1_760_000_000_000_000 + i * 1_000;
  const times = { clientAt: at, receivedAt: at, occurredAt: at };
  const type = traits === '{}' ? 'track' : 'identify';
  return { id: `message-${i}`, source: 'web', type, ...times, identifiers, traits } as Interaction;
}

const life = randomBytes(9).toString('base64url');
let components = 0;

/** As the resolver makes them: those of one process follow each other, and SQLite keeps what follows together. */
function newComponent(): string {
  components += 1;
  return `${life}${components.toString(36)}`;
}

/** One batch, until all of it is written. @returns how many changes of profiles it came to */
async function resolve(state: IdentityState, events: readonly Interaction[]): Promise<number> {
  let pending: readonly InteractionEvidence[] = events.flatMap((one) => {
    return evidenceOf(one, normalise(one.identifiers), rules) ?? [];
  });
  let wanted = NOTHING_MORE;
  let changed = 0;
  while (pending.length > 0) {
    const asked = new Set(wanted.identifiers);
    const keys = new Set([...pending.flatMap((one) => one.keys), ...asked]);
    const loaded = { ...(await state.load(WORKSPACE, [...keys], wanted.shelves)), asked };
    const waiting: InteractionEvidence[] = [];
    const commits: ComponentCommit[] = [];
    wanted = NOTHING_MORE;
    for (const evidence of groupEvidence(pending, loaded, (one) => one)) {
      const decision = decide({ rules, now: loaded.now, newComponent, loaded, evidence });
      if (decision.wants !== null) {
        waiting.push(...evidence);
        wanted = joinWants([wanted, decision.wants]);
        continue;
      }
      for (const { commit, changes } of decision.commits) {
        changed += changes.length;
        commits.push({
          ...commit,
          outbox: changes.map((change) => ({ key: change.profileId, value: codec.encode(change) })),
        });
      }
    }
    const applied = commits.length === 0 ? [] : await state.commit(WORKSPACE, commits);
    if (applied.includes(false)) throw new Error('a lone writer lost a race');
    pending = waiting;
  }
  return changed;
}

interface Load {
  readonly name: string;
  readonly count: number;
  /** Events are made as they are needed: a heap full of those to come costs the collector what deciding does not. */
  readonly eventOf: (i: number) => Interaction;
}

async function measure(
  adapter: string,
  state: IdentityState,
  { name, count, eventOf }: Load,
  batch: number,
): Promise<void> {
  const took: number[] = [];
  let changes = 0;
  let micros = 0;
  for (let at = 0; at < count; at += batch) {
    const events = Array.from({ length: Math.min(batch, count - at) }, (_, i) => eventOf(at + i));
    const cpu = process.cpuUsage();
    const start = performance.now();
    changes += await resolve(state, events);
    took.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    micros += user + system;
    await state.relay(WORKSPACE, 'bench', 10_000, async () => {});
  }
  const seconds = took.reduce((sum, ms) => sum + ms, 0) / 1_000;
  report({
    ...{
      measure: `resolution (${adapter}): ${name}, batches of ${batch}`,
      value: count / seconds,
      unit: 'events/s',
    },
    detail: `${plain(micros / count)} client core-µs each, ${plain(changes)} changes, a batch ${shown(percentiles(took))}`,
    must: { least: 20_000 },
  });
}

/** @param bytes what the state takes now */
async function measureAll(adapter: string, state: IdentityState, count: number, bytes: () => Promise<number>) {
  const empty = await bytes();
  const strangers = { count, eventOf: stranger };
  await measure(adapter, state, { ...strangers, name: 'new links' }, LARGE);
  report({
    measure: `resolution (${adapter}): state of a million identifiers`,
    value: ((await bytes()) - empty) / (2 * count),
    unit: 'MB',
    detail: 'two of them a person, linked, with a trait and a profile',
  });
  await measure(adapter, state, { ...strangers, name: 'replays' }, LARGE);
  const mixed = { name: 'mixed', count, eventOf: (i: number) => event(count + i, Math.floor((random() * count) / 10)) };
  await measure(adapter, state, mixed, LARGE);
  await measure(adapter, state, { ...mixed, eventOf: (i) => mixed.eventOf(count + i) }, SMALL);
}

const which = process.argv[2];
const count = Number(process.argv[3] ?? 100_000);
process.stdout.write(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}\n`);
if (which !== 'redis') {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
  const state = await openState({ dataDir });
  const path = join(dataDir, 'state', 'identity.db');
  const db = new DatabaseSync(path);
  await measureAll('SQLite', state, count, async () => {
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
  const admin = new Redis(redis.url);
  await measureAll('Redis', state, count, async () =>
    Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]),
  );
  admin.disconnect();
  await state.close();
  await redis.stop();
}
