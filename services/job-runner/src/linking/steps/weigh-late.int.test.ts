import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandidateIndex, RecordName } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createLogger, createMetrics } from '@kenal/service-kit';
import { openCandidateIndex } from '@kenal/state/candidates';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LATE } from '../late.ts';
import { createLinkerMetrics } from '../linker-metrics.ts';
import { createWeighApart } from './weigh-apart.ts';
import { createWeighLate } from './weigh-late.ts';

const RECORDS = 450;
const POISON = new Set(['user_id:13', 'user_id:401']);

let index: CandidateIndex;
beforeAll(async () => {
  index = await openCandidateIndex({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-late-')) });
});
afterAll(() => index?.close());

async function keepLate(workspace: string): Promise<void> {
  await index.begin(workspace, LATE);
  const records = Array.from({ length: RECORDS }, (_, i) => ({ owner: `user_id:${i}` as const, source: 'crm' }));
  await index.put(
    workspace,
    LATE,
    records.map((record) => ({ ...record, keys: [], isLate: true })),
  );
}

/** @param error what a record at fault is met with */
function lateOf(weighed: Set<string>, error: Error) {
  const told: string[] = [];
  const logger = createLogger({ name: 'test', level: 'error', destination: { write: (line) => void told.push(line) } });
  const metrics = createMetrics();
  const weighRecords = async (_: string, records: readonly RecordName[]): Promise<void> => {
    if (records.some(({ owner }) => POISON.has(owner))) throw error;
    for (const { owner } of records) weighed.add(owner);
  };
  const weighApart = createWeighApart({ weighRecords, metrics: createLinkerMetrics(metrics), logger });
  return { weighLate: createWeighLate(index, weighApart), told, metrics };
}

test('a record that cannot be weighed is told, counted and left out, and fails no pass again', async () => {
  await keepLate('w');
  const weighed = new Set<string>();
  const { weighLate, told, metrics } = lateOf(weighed, new TypeError('no such field'));
  expect(await weighLate('w')).toBe(POISON.size);
  expect(weighed.size).toBe(RECORDS - POISON.size);
  expect(told).toHaveLength(POISON.size);
  expect((await metrics.render()).text).toContain('kenal_linkage_skipped_total{reason="failed"} 2');
  expect(await index.late('w', LATE, RECORDS)).toEqual([]);
  expect(await weighLate('w')).toBe(0);
});

test('where the stores are away nothing is left out', async () => {
  await keepLate('v');
  const { weighLate, told } = lateOf(new Set(), new KenalError('unavailable', 'the state is away'));
  await expect(weighLate('v')).rejects.toThrow('the state is away');
  expect(told).toEqual([]);
  expect(await index.late('v', LATE, RECORDS)).toHaveLength(RECORDS);
});
