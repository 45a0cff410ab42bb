/**
 * The change feed over HTTP: profile-api in a process of its own, followers in another, changes appended by this one.
 *   node test/bench/feed.bench.ts [followers …]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change, EventLog } from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { hashKey } from '@kenal/service-kit';
import { startProcess } from '../support/process.ts';
import { percentiles, perEvent, plain, quiet, report, serverProcesses, shown, startMeter } from './measure.ts';

const FOLLOWERS = process.argv.slice(2).map(Number);
const SIZES = FOLLOWERS.length > 0 ? FOLLOWERS : [1, 100, 1_000, 2_000];
const KEY = 'read';
/** Deliveries of one measure, about. */
const DELIVERIES = 200_000;
const STEADY = { perSecond: 20, seconds: 5 };
const PEOPLE = 500;

interface Counted {
  readonly changes: number;
  readonly bytes: number;
  readonly delays: readonly number[];
}

async function startServer(undo: AsyncDisposableStack) {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-feed-bench-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const log = undo.adopt(await openEventLog({ dataDir, clientId: 'bench' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const config = join(dataDir, 'kenal.yaml');
  const sources = [{ id: 'web', keys: [{ key: hashKey('write') }] }];
  const workspace = { id: 'shop', sources, readKeys: [hashKey(KEY)], changes: { streams: 10_000 } };
  await writeFile(config, JSON.stringify({ workspaces: [workspace] })); // JSON is YAML
  const env = { KENAL_DATA: dataDir, KENAL_CONFIG: config, KENAL_PORT: '0', KENAL_SQL_PORT: '0' };
  const server = startProcess('profile-api', ['services/profile-api/src/main.ts'], env);
  undo.defer(async () => void (await server.stop()));
  const [, url] = await server.seen(/"url":"([^"]+)"[^\n]*"listening"/);
  return { log, url: url! };
}

/** As a profile with some traits and three identifiers gives it, of about 1,200 bytes of JSON. */
function changeOf(person: number, version: number): Change {
  const profileId = `profile-${person}`;
  const content = (n: number) => ({
    traits: JSON.stringify({
      at: performance.timeOrigin + performance.now(),
      plan: `plan ${n}`,
      city: 'Ulm',
      pad: 'x'.repeat(250),
    }),
    identifiers: ['user_id', 'email', 'phone'].map((type) => ({ type, value: `${type} of ${profileId}` })),
    ...{ identifierCount: 3, consent: '{"news":true}', computed: '{}' },
  });
  return {
    ...{
      id: `${profileId}:${version}`,
      type: 'updated',
      workspace: 'shop',
      profileId,
      version,
      previousVersion: version - 1,
    },
    ...{
      occurredAt: Date.now() * 1_000,
      before: null,
      after: content(version),
      changed: ['traits.plan'],
      assigned: [],
    },
    ...{ cause: { messageId: `m${version}`, source: 'web', rule: 'traits' }, mergedInto: null, mergedFrom: [] },
    ...{ splitInto: [], released: [] },
  };
}

let version = 0;
async function append(log: EventLog, count: number): Promise<void> {
  const writer = createTopicWriter<Change>(log, 'changes');
  for (let from = 0; from < count; from += PEOPLE) {
    version += 1;
    const size = Math.min(PEOPLE, count - from);
    await writer.append(
      Array.from({ length: size }, (_, i) => changeOf(i, version)).map((value) => ({ key: value.profileId, value })),
    );
  }
}

async function ask(clients: ChildProcess): Promise<Counted> {
  clients.send('count');
  const [counted] = (await once(clients, 'message')) as [Counted];
  return counted;
}

async function untilCounted(clients: ChildProcess, wanted: number): Promise<Counted> {
  for (;;) {
    const counted = await ask(clients);
    if (counted.changes >= wanted) return counted;
    await delay(20);
  }
}

async function measure(followers: number): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const { log, url } = await startServer(undo);
  const clients = fork(`${import.meta.dirname}/feed-clients.ts`, [`${url}/v1/changes?key=${KEY}`, String(followers)]);
  undo.defer(() => void clients.kill());
  await once(clients, 'message');
  await append(log, PEOPLE); // warm
  await untilCounted(clients, PEOPLE * followers);
  await quiet();

  const processes = serverProcesses();
  const events = Math.max(500, Math.min(20_000, Math.floor(DELIVERIES / followers)));
  const before = await ask(clients);
  const stop = startMeter(processes.filter(({ name }) => name === 'profile-api'));
  await append(log, events);
  const after = await untilCounted(clients, before.changes + events * followers);
  const usage = stop();
  const deliveries = after.changes - before.changes;
  const size = Math.round((after.bytes - before.bytes) / deliveries);
  report({
    measure: `feed, ${followers} followers: ${events} changes at once`,
    ...{ value: deliveries / usage.seconds, unit: 'deliveries/s' },
    detail: `${size} bytes each, ${plain((usage.micros.get('profile-api') ?? 0) / deliveries)} core-µs of profile-api a delivery; ${perEvent(usage, events)} a change; ${usage.noise}`,
  });

  await ask(clients);
  let late: number[] = [];
  const stopSteady = startMeter(processes.filter(({ name }) => name === 'profile-api'));
  for (let n = 0; n < STEADY.perSecond * STEADY.seconds; n += 1) {
    await append(log, 1);
    await delay(1_000 / STEADY.perSecond);
    if (n % 20 === 0) late = [...late, ...(await ask(clients)).delays];
  }
  await untilCounted(clients, after.changes + STEADY.perSecond * STEADY.seconds * followers);
  const steady = stopSteady().micros.get('profile-api') ?? 0;
  late = [...late, ...(await ask(clients)).delays];
  const found = percentiles(late);
  report({
    measure: `feed, ${followers} followers: ${STEADY.perSecond} changes a second, appended → received, p99`,
    ...{
      value: found.p99,
      unit: 'ms',
      detail: `${shown(found)}, ${plain(steady / (STEADY.perSecond * STEADY.seconds * followers))} core-µs a delivery`,
    },
  });
}

for (const followers of SIZES) await measure(followers);
process.exit(0);
