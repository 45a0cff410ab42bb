import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { TOPICS } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInJava } from '../../../test/support/java-consumer.ts';
import { type KafkaBroker, startKafka } from '../../../test/support/kafka.ts';
import { readRecords, readTopic } from '../../../test/support/read-topic.ts';
import { type RedisServer, startRedis } from '../../../test/support/redis.ts';
import type { PersonRecord } from './gen/records/index.ts';
import { records } from './gen/records/testing.ts';
import { kenal, kenalHere, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';

let kafka: KafkaBroker;
let redis: RedisServer;
let running: RunningKenal;
const dataDir = temporaryDirectory();

beforeAll(async () => {
  [kafka, redis] = await Promise.all([startKafka(), startRedis()]);
  running = await up(dataDir, { KAFKA_BROKERS: kafka.brokers, REDIS_URL: redis.url }, ['--distributed']);
}, 240_000);
afterAll(async () => {
  await running?.stop();
  await Promise.all([kafka?.stop(), redis?.stop()]);
});

async function profile(reference: string): Promise<{ traits: Record<string, string> }> {
  return until(
    `profile of ${reference}`,
    async () => {
      const { code, stdout } = await kenal(dataDir, ['profile', reference, '--json']);
      return code === 0 ? JSON.parse(stdout) : null;
    },
    60_000,
  );
}

/** In one order, whatever the order of keys. */
function asJson(values: readonly unknown[]): string[] {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return values.map((one) => JSON.stringify(one, sorted)).sort();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function processOf(service: string): number {
  const started = [...running.stderr().matchAll(new RegExp(`${service} is process (\\d+)`, 'g'))];
  return Number(started.at(-1)?.[1]);
}

test('every service in a process of its own: an event goes in, a person comes out, SQL answers', async () => {
  const sent = await kenal(dataDir, ['send', 'identify', '--user', 'd1', '--traits', '{"email":"d1@example.com"}']);
  expect(sent).toMatchObject({ code: 0, stdout: '1 accepted\n' });
  expect((await profile('email:d1@example.com')).traits).toEqual({ email: 'd1@example.com' });
  const answer = await until('the row', async () => {
    const { stdout } = await kenal(dataDir, [
      'sql',
      "SELECT type, profile_id != '' FROM interactions WHERE user_id = 'd1'",
      '-f',
      'csv',
    ]);
    return stdout === '' ? null : stdout;
  });
  expect(answer).toBe('"identify",1\n');
  const doctor = JSON.parse((await kenal(dataDir, ['doctor', '--json'])).stdout);
  expect(doctor.findings.filter((finding: { state: string }) => finding.state === 'fail')).toEqual([]);
});

test('a change goes by Kafka and Redis to an endpoint, and what came of it is told', async () => {
  await kenal(dataDir, ['webhooks', 'add', 'crm', 'https://hooks.kenal.invalid/crm', '--types', 'created']);
  await kenal(dataDir, ['send', 'identify', '--user', 'd2', '--traits', '{"email":"d2@example.com"}']);
  const attempt = await until('an attempt', async () => {
    const { stdout } = await kenal(dataDir, ['webhooks', 'attempts', 'crm', '--json']);
    return JSON.parse(stdout).attempts[0] ?? null;
  });
  expect(attempt).toMatchObject({ type: 'created', outcome: 'failed', attempt: 1 });
  const { stdout } = await kenal(dataDir, ['jobs', 'ls', '--name', 'webhook', '--json']);
  expect(JSON.parse(stdout).jobs).toMatchObject([{ state: 'delayed', attempt: 1, attempts: 10 }]);
  await kenal(dataDir, ['webhooks', 'rm', 'crm']);
});

test('an export is asked for in one process, written by another, and seen by the first', async () => {
  const sql = "SELECT user_id, toInt64(-7) AS n FROM interactions WHERE user_id = 'd1'";
  await kenalHere(dataDir, ['export', 'add', 'd1', '--sql', sql, '-f', 'parquet']);
  await kenalHere(dataDir, ['export', 'run', 'd1']);
  const file = await until('the file', async () => {
    const { stdout } = await kenalHere(dataDir, ['export', 'ls', '--json']);
    return JSON.parse(stdout).exports[0].files[0] ?? null;
  });
  expect(file).toMatchObject({ rows: 1, query: sql });
  const folder = join(dataDir, 'exports', running.endpoints.workspace, 'd1');
  expect(readFileSync(join(folder, file.file))).toHaveLength(file.bytes);
  await kenalHere(dataDir, ['export', 'rm', 'd1']);
});

test('clients of others read our topics through our registry: what kafkajs and Java decode is what we wrote', async () => {
  const url = `${running.endpoints.apiUrl}/schema-registry`;
  const registry = new SchemaRegistry({ host: url });
  const log = await openEventLog({ kafkaBrokers: kafka.brokers, dataDir, clientId: 'test' });
  const topics = ['changes', 'resolved', 'interactions'] as const;
  const names = topics.map((key) => TOPICS[key].name);
  const inJava = await readInJava(kafka.brokers, url, names);
  for (const key of topics) {
    const { name } = TOPICS[key];
    const ours = asJson(await readTopic(log, key));
    const records = await readRecords(log, name);
    const byKafkajs = await Promise.all(records.map(({ value }) => registry.decode(Buffer.from(value))));
    expect(ours.length).toBeGreaterThan(0);
    expect(asJson(byKafkajs)).toEqual(ours);
    expect(asJson([...inJava.get(name)!])).toEqual(ours);
  }
  await log.close();
});

test('doctor names a service that hangs behind the ones that clients speak to', async () => {
  const loader = processOf('warehouse-loader');
  const failed = async (): Promise<string[]> => {
    const { findings } = JSON.parse((await kenal(dataDir, ['doctor', '--json'])).stdout);
    return findings
      .filter(({ state }: { state: string }) => state === 'fail')
      .map(({ name }: { name: string }) => name);
  };
  process.kill(loader, 'SIGSTOP');
  try {
    expect(await failed()).toEqual(['warehouse-loader']);
  } finally {
    process.kill(loader, 'SIGCONT');
  }
  await until('all well', async () => ((await failed()).length === 0 ? true : null), 60_000);
});

test('an import ends when all of it can be asked for, and tells new rows from those of the import before', async () => {
  const folder = temporaryDirectory();
  const [file, map] = [join(folder, 'visits.csv'), join(folder, 'visits.yaml')];
  const rows = (n: number): string =>
    `at,who\n${Array.from({ length: n }, (_, i) => `2026-01-01 10:00,visitor${i}\n`).join('')}`;
  writeFileSync(map, 'event: Visited\ntime: at\nidentifiers: { user_id: who }\n');
  const imported = async (n: number) => {
    writeFileSync(file, rows(n));
    const summary = JSON.parse((await kenal(dataDir, ['import', file, '--map', map, '--json'])).stdout);
    const counted = await kenal(dataDir, [
      'sql',
      "SELECT count(), (SELECT count() FROM profiles WHERE identifiers[1].2 LIKE 'visitor%') FROM interactions WHERE name = 'Visited'",
      '-f',
      'csv',
    ]);
    return { ...summary, counted: counted.stdout };
  };
  expect(await imported(5_000)).toMatchObject({ new: 5_000, known: 0, stored: true, counted: '5000,5000\n' });
  expect(await imported(5_300)).toMatchObject({ new: 300, known: 5_000, stored: true, counted: '5300,5300\n' });
});

test('a dry run on Redis and Kafka tells what a switch then does', async () => {
  const servers = { KAFKA_BROKERS: kafka.brokers, REDIS_URL: redis.url };
  const file = join(temporaryDirectory(), 'two-accounts.yaml');
  writeFileSync(file, 'identity: { limits: { user_id: 2 } }\n');
  const couples = Array.from({ length: 5 }, (_, i) => ['one', 'two'].map((who) => ({ i, who }))).flat();
  const input = couples.map(({ i, who }) =>
    JSON.stringify({ type: 'identify', userId: `${who}${i}`, traits: { email: `couple${i}@example.com` } }),
  );
  await kenal(dataDir, ['send'], { input: input.join('\n') });
  const people = async () => {
    const query =
      "SELECT uniqExact(profile_id), count() FROM profile_identifiers WHERE type = 'user_id' AND match(value, '^(one|two)[0-4]$')";
    return (await kenal(dataDir, ['sql', query, '-f', 'csv'])).stdout;
  };
  await until('ten people', async () => ((await people()) === '10,10\n' ? true : null), 60_000);
  const unnamed = await kenal(dataDir, ['identity', 'rules', 'try', file]);
  expect(unnamed.stderr).toMatch(/set REDIS_URL and KAFKA_BROKERS as they have them/);
  const { stdout } = await kenal(dataDir, ['identity', 'rules', 'try', file, '--json'], { env: servers });
  const told = JSON.parse(stdout) as { mergesGained: number; mergesLost: number };
  expect(told).toMatchObject({ mergesGained: 5, mergesLost: 0 });
  expect(await people()).toBe('10,10\n');
  const switching = ['identity', 'rules', 'switch', file, '--reason', 'a test', '--wait'];
  expect((await kenal(dataDir, switching, { env: servers })).code).toBe(0);
  expect(await people()).toBe('5,10\n');
});

test('records are linked by a job, and each as it comes in', async () => {
  const traitsOf = ({ facts }: PersonRecord) => {
    const { email: _mail, phone: _phone, full_name: _name, national_id: _id, ...rest } = facts;
    return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
  };
  const people = records({ records: 80, cultures: { anglo: 1 } }).map(traitsOf);
  const send = (all: readonly object[], as: string) =>
    kenal(dataDir, ['send'], {
      input: all.map((traits, i) => JSON.stringify({ type: 'identify', anonymousId: `${as}${i}`, traits })).join('\n'),
    });
  const sql = async (query: string) => (await kenal(dataDir, ['sql', query, '-f', 'csv'])).stdout;
  await send(people, 'person-');
  const counting = "SELECT count() FROM interactions WHERE anonymous_id LIKE 'person-%'";
  await until('the records', async () => ((await sql(counting)) === '80\n' ? true : null), 60_000);
  const { stdout } = await kenal(dataDir, ['identity', 'link', '--wait', '--json']);
  const pass = JSON.parse(stdout) as { state: string; learnt: boolean; links: number };
  expect(pass).toMatchObject({ state: 'done', learnt: true });
  expect(pass.links).toBeGreaterThan(5);
  // Somebody whom the pass knows, to the letter, from a browser of today
  const known = people.find(
    ({ birth_date, given_name, family_name, street }) => birth_date && given_name && family_name && street,
  );
  await send([known!], 'again-');
  const joined =
    "SELECT count() > 0 FROM directives ARRAY JOIN pairs AS pair WHERE kind = 'linkage' AND has([pair.1, pair.2], 'anonymous_id:again-0')";
  await until('the link', async () => ((await sql(joined)) === '1\n' ? true : null), 60_000);
});

test.each(['identity-resolver', 'warehouse-loader', 'collector-web', 'chdb-server'])(
  '%s is started again after a kill -9, and goes on',
  async (service) => {
    const before = processOf(service);
    process.kill(before, 'SIGKILL');
    await until('the restart', async () => (processOf(service) === before ? null : true));
    const user = `after-${service}`;
    await until(
      'the event',
      async () =>
        (await kenal(dataDir, ['send', 'identify', '--user', user, '--traits', '{"a":"b"}'])).code === 0 ? true : null,
      60_000,
    );
    expect((await profile(`user_id:${user}`)).traits).toEqual({ a: 'b' });
    await until(
      'the row',
      async () => {
        const { stdout } = await kenal(dataDir, [
          'sql',
          `SELECT count() FROM interactions WHERE user_id = '${user}'`,
          '-f',
          'csv',
        ]);
        return stdout === '1\n' ? true : null;
      },
      60_000,
    );
  },
);

test('after a kill -9 of the supervisor every service ends by itself, and the next start finds all as it was', async () => {
  const services = new Map(
    [...running.stderr().matchAll(/(\S+) is process (\d+)/g)].map(([, name, pid]) => [name!, Number(pid)]),
  );
  expect(services.size).toBe(6);
  running.child.kill('SIGKILL');
  const left = () => [...services].filter(([, pid]) => isAlive(pid)).map(([name]) => name);
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  running = await up(dataDir, { KAFKA_BROKERS: kafka.brokers, REDIS_URL: redis.url }, ['--distributed']);
  expect((await profile('user_id:d1')).traits).toEqual({ email: 'd1@example.com' });
});

test('a stop drains every service in order', async () => {
  const { apiUrl, readKey } = running.endpoints;
  const following = await fetch(`${apiUrl}/v1/changes?from=earliest`, { headers: { 'x-read-key': readKey } });
  const began = Date.now();
  expect(await running.stop()).toBe(0);
  expect(await following.text()).toContain('data: {"id":"'); // to a proper end
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(running.stderr()).toContain('Kenal has stopped.');
});

test('without Kafka or Redis it says what it needs', async () => {
  const outcome = await kenal(temporaryDirectory(), ['up', '--distributed'], { env: { KAFKA_BROKERS: '127.0.0.1:1' } });
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('--distributed needs REDIS_URL') });
});
