import { createLogger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { expect, test } from 'vitest';
import { type Asked, createQueryLog } from './query-log.ts';

const ASKED: Asked = {
  ...{ workspace: 'shop', reader: 'key bi', queryId: 'q', query: 'SELECT 1', format: 'CSV', client: 'curl' },
  ...{ startedAt: Date.UTC(2026, 11, 1, 2, 3, 4, 5), seconds: 0.5, exceptionCode: 0, refused: false },
  summary: { result_rows: '1' },
};

function open() {
  const written: Record<string, unknown>[] = [];
  const warnings: string[] = [];
  let isAway = false;
  const insert = async (_table: string, rows: readonly object[]): Promise<void> => {
    if (isAway) throw new Error('away');
    written.push(...(rows as Record<string, unknown>[]));
  };
  const logger = createLogger({
    name: 'test',
    level: 'warn',
    destination: { write: (line) => void warnings.push(line) },
  });
  const log = createQueryLog({ insert } as unknown as Warehouse, logger);
  const away = (value: boolean): void => {
    isAway = value;
  };
  return { log, written, warnings, away };
}

test('a statement is written with its figures, and cut where it is endless', async () => {
  const { log, written } = open();
  log.record(ASKED);
  log.record({ ...ASKED, query: 'x'.repeat(100_000) });
  await log.stop();
  expect(written).toMatchObject([
    { started_at: '2026-12-01 02:03:04.005', result_rows: '1', read_rows: '0', query: 'SELECT ?', query_id: 'q' },
    { query: 'x'.repeat(64 * 1024) },
  ]);
});

test('while the warehouse is away the last ten thousand are held, and written once it is back', async () => {
  const { log, written, warnings, away } = open();
  away(true);
  for (let i = 0; i < 10_001; i++) log.record({ ...ASKED, queryId: `${i}` });
  await log.stop();
  expect(warnings.map((line) => JSON.parse(line))).toMatchObject([{ held: 10_000 }, { dropped: 1 }]);
  away(false);
  log.record({ ...ASKED, queryId: 'later' });
  await log.stop();
  expect(written.map((row) => row.query_id)).toEqual([...Array.from({ length: 9_999 }, (_, i) => `${i + 2}`), 'later']);
});

test('a statement that was not understood is written without its text: a value may lack its quotes', async () => {
  const { log, written } = open();
  for (const exceptionCode of [62, 47, 60]) log.record({ ...ASKED, query: 'SELECT ann', exceptionCode });
  await log.stop();
  expect(written.map((row) => row.query)).toEqual(['', '', 'SELECT ann']);
});
