import { rm } from 'node:fs/promises';
import { type EventLog, type ExportConfig, type Setting, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, type Reader, systemClock } from '@kenal/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { createManagedSettings, type ManagedSettings } from './managed-settings.ts';

const BY: Reader = { workspace: 'shop', name: 'key steward', verbs: ['manage'], fields: null };
const DOCUMENT = { what: 'profiles', format: 'csv', compression: 'none', to: {}, keep: 1 };

let dataDir: string;
let log: EventLog;
/** As two processes have them: each reads the log for itself. */
let both: readonly ManagedSettings[];
beforeAll(async () => {
  dataDir = await migratedDirectory();
  log = await openEventLog({ dataDir, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  const deps = {
    log,
    clock: systemClock,
    health: createHealth(),
    logger: createLogger({ name: 'test', level: 'fatal' }),
  };
  both = [createManagedSettings(deps), createManagedSettings(deps)];
});
afterAll(async () => {
  await log?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const exportOf = (settings: ManagedSettings, name: string) => {
  const found = settings.of('shop', 'export').find((one) => one.name === name);
  return found === undefined ? null : (JSON.parse(found.document!) as ExportConfig);
};
const create = (settings: ManagedSettings, name: string) =>
  settings.change(BY, 'export', name, () => {
    if (exportOf(settings, name) !== null) throw new KenalError('name_taken', 'there is one');
    return DOCUMENT;
  });

test('a name that is made at once in two processes is made once, and again when it was removed', async () => {
  for (const _ of [1, 2]) {
    const made = await Promise.allSettled([1, 2, 3].flatMap(() => both.map((settings) => create(settings, 'crm'))));
    const lost = made.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(lost).toEqual(Array(5).fill('name_taken'));
    await both[0]!.change(BY, 'export', 'crm', () => null);
    await both[1]!.catchUp();
    expect(exportOf(both[1]!, 'crm')).toBeNull();
  }
});

test('of changes that are made at once in two processes none is lost, and both see the same', async () => {
  await create(both[0]!, 'daily');
  await both[1]!.catchUp();
  const count = (settings: ManagedSettings) =>
    settings.change(BY, 'export', 'daily', () => {
      const before = exportOf(settings, 'daily')!;
      return { ...before, keep: before.keep! + 1 };
    });
  await Promise.all([1, 2, 3, 4, 5].flatMap(() => both.map(count)));
  for (const settings of both) {
    await settings.catchUp();
    expect(exportOf(settings, 'daily')!.keep).toBe(11);
  }
});

test('a change that fails stops nobody behind it, and what nobody could read is never written', async () => {
  const [settings] = both;
  const before = await log.ranges(TOPICS.settings.name);
  const wrong = [
    settings!.change(BY, 'export', 'wrong', () => ({ ...DOCUMENT, keep: 0.5 })),
    settings!.change(BY, 'key', 'wrong', () => ({ verbs: ['sql'], fields: null })),
    settings!.change(BY, 'webhook', 'wrong', () => ({ disabledReason: 1 })),
  ];
  const outcomes = await Promise.allSettled(wrong);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  expect(await log.ranges(TOPICS.settings.name)).toEqual(before);
  await create(settings!, 'wrong');
  expect(exportOf(settings!, 'wrong')).toEqual(DOCUMENT);
});

test('a setting that names none before it holds in any case, as those of older versions do', async () => {
  const old = (id: string, keep: number): Setting => ({
    ...{ id, workspace: 'shop', kind: 'export', name: 'old', issuedAt: 0, actor: '', previous: null },
    document: JSON.stringify({ ...DOCUMENT, keep }),
  });
  const topic = createTopicWriter<Setting>(log, 'settings');
  await topic.append([old('s1', 1), old('s2', 2)].map((value) => ({ key: 'shop', value })));
  const [settings] = both;
  await settings!.catchUp();
  expect(exportOf(settings!, 'old')!.keep).toBe(2);
  await settings!.change(BY, 'export', 'old', () => ({ ...DOCUMENT, keep: 3 }));
  expect(exportOf(settings!, 'old')!.keep).toBe(3);
});

test('a setting that a producer wrote twice counts once, and its writer has not lost', async () => {
  const twice: EventLog = {
    ...log,
    append: (topic, records) =>
      log.append(
        topic,
        records.flatMap((one) => [one, one]),
      ),
  };
  const settings = createManagedSettings({
    ...{ log: twice, clock: systemClock, health: createHealth() },
    logger: createLogger({ name: 'test', level: 'fatal' }),
  });
  await create(settings, 'twice');
  await settings.change(BY, 'export', 'twice', () => ({ ...exportOf(settings, 'twice')!, keep: 7 }));
  expect(exportOf(settings, 'twice')!.keep).toBe(7);
  await settings.change(BY, 'export', 'twice', () => {
    if (exportOf(settings, 'twice') === null) throw new KenalError('not_found');
    return null;
  });
  await both[0]!.catchUp();
  expect(exportOf(both[0]!, 'twice')).toBeNull();
});
