import type { KenalConfig } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interactionRow, openTestWarehouse, type Place, type TestWarehouse } from '../../testing/warehouse.ts';
import { createRunSql, type RunSql } from '../run.ts';
import { limitsOf } from '../settings.ts';
import { engineFault } from '../sql-fault.ts';
import { ATTEMPTS, type Attempt, LEGITIMATE } from './attempts.ts';
import { engineOf } from './engine.ts';
import { createSqlGuard, type SqlGuard } from './guard.ts';

describe.each<Place>(['embedded', 'server'])('%s', (place) => {
  let engine: TestWarehouse;
  let guard: SqlGuard;
  let run: RunSql;

  beforeAll(async () => {
    engine = await openTestWarehouse(place);
    await engine.warehouse.insert('kenal.interaction_rows', [
      ...Array.from({ length: 50 }, (_, i) =>
        interactionRow('shop', `${i}`, { user_id: `${i}`, amount: '1.5', currency: 'USD' }),
      ),
      ...Array.from({ length: 50 }, (_, i) => interactionRow('bank', `secret-${i}`, { user_id: `secret-${i}` })),
    ]);
    const workspaces = [
      ['shop', ''],
      ['bank', 'secret'],
    ] as const;
    const numbered = (row: (workspace: string, value: string) => object) =>
      workspaces.flatMap(([workspace, word]) => Array.from({ length: 50 }, (_, i) => row(workspace, `${word}${i}`)));
    await engine.warehouse.insert(
      'kenal.identity_log_rows',
      numbered((workspace, value) => ({
        workspace,
        key: `user_id:${value}`,
        version: 1,
        profile_id: value,
        changed_at: 0,
      })),
    );
    await engine.warehouse.insert(
      'kenal.directive_rows',
      numbered((workspace, value) => ({ workspace, directive_id: value, issued_at: 0, reason: value, kind: 'must' })),
    );
    guard = createSqlGuard(engineOf(engine.warehouse));
    const poor = [{ id: 'poor', sql: { maxSeconds: 60, maxMemoryBytes: 50_000_000 } }];
    run = createRunSql(engine.warehouse, guard, limitsOf({ workspaces: poor } as unknown as KenalConfig));
  });
  afterAll(async () => engine[Symbol.asyncDispose]());

  type Texts = Readonly<Record<string, string>>;
  async function ask(sql: string, workspace = 'shop', params: Texts = {}, settings: Texts = {}): Promise<string> {
    const request = {
      ...{ sql, params, format: 'TabSeparated', settings },
      ...{ queryId: 'q', inPieces: true, revision: 0 },
    };
    const answer = await run(request, workspace, new AbortController().signal);
    return Buffer.concat(await answer.stream.toArray()).toString('utf8');
  }

  const named = ([what, sql, params = {}]: Attempt) => ({ what, sql, params });

  test.each(ATTEMPTS.map(named))('refused: $what', async ({ sql, params }) => {
    const fault = await guard.admit(sql, params).then(
      () => null,
      (error: unknown) => engineFault(error),
    );
    expect(fault, 'it was admitted').not.toBeNull();
    // Not allowed, no such format, or not even one statement of the dialect; never a fault of the guard itself
    expect([497, 73, 62]).toContain(fault?.code);
    expect(fault?.message).toMatch(/Not allowed here: |Unknown format|Syntax error/);
  });

  test.each(LEGITIMATE.map(named))('answered: $what', async ({ sql, params }) => {
    await expect(ask(sql, 'shop', params)).resolves.toBeTypeOf('string');
  });

  test('the same statement needs no second look while the same tables are there, another one and a refused one do', async () => {
    let looks = 0;
    let now = 0;
    const counted = engineOf(engine.warehouse);
    const lines: typeof counted.lines = (sql, params) => {
      looks++;
      return counted.lines(sql, params);
    };
    const remembering = createSqlGuard({ ...counted, lines }, () => now);
    const select = (n: string) => remembering.admit('SELECT count() FROM orders WHERE order_id = {n:String}', { n });
    expect(await select('1')).toEqual(await select('1'));
    expect(looks).toBe(1);
    await select('2');
    const refused = () => remembering.admit('SELECT * FROM {t:Identifier}', { t: 'profile_rows' });
    for (const _again of [1, 2]) await expect(refused()).rejects.toThrow(/Not allowed here/);
    expect(looks).toBe(4);
    now = 11_000;
    await select('1');
    expect(looks).toBe(5);
  });

  test('a refused statement says what is wrong and what there is instead', async () => {
    await expect(ask('SELECT * FROM interaction_rows')).rejects.toThrow(
      /Not allowed here: the table kenal\.interaction_rows; there are kenal\.accounts.*kenal\.balance.*kenal\.directives.*kenal\.profiles/,
    );
    await expect(ask('SELEC 1')).rejects.toThrow(/^Syntax error: failed at position 7 .*\(SYNTAX_ERROR\)$/s);
  });

  // A condition of the reader must never be evaluated on rows of another workspace: an error text would tell their content.
  test.each([
    'SELECT count() FROM interactions WHERE toUInt64(user_id) >= 0',
    'SELECT count() FROM interactions WHERE toUInt64(message_id) >= 0',
    'SELECT sum(toUInt64(message_id)) > 0 ? 50 : 0 FROM interactions',
    'SELECT count() FROM interactions AS i INNER JOIN numbers(100) AS n ON toUInt64(i.message_id) = n.number',
    "SELECT count() FROM interactions WHERE intDiv(1, message_id NOT LIKE 'secret%') = 1",
    'SELECT count() FROM identity_log WHERE toUInt64(value) >= 0',
    "SELECT count() FROM identity_partition(at = '2026-01-01') WHERE toUInt64(value) >= 0 AND toUInt64(profile_id) >= 0",
    'SELECT count() FROM directives WHERE toUInt64(directive_id) >= 0 AND toUInt64(reason) >= 0',
  ])('rows of another workspace are never looked at: %s', async (sql) => {
    expect(await ask(sql)).toBe('50\n');
  });

  test('each workspace sees its own rows, whatever ran before on the same session', async () => {
    for (let i = 0; i < 4; i++) {
      expect(await ask("SELECT uniqExact(workspace), min(user_id) LIKE 'secret%' FROM interactions", 'bank')).toBe(
        '1\t1\n',
      );
      await ask('SELECT throw FROM interactions', 'bank').catch(() => undefined);
      expect(await ask("SELECT uniqExact(workspace), max(user_id) LIKE 'secret%' FROM interactions")).toBe('1\t0\n');
    }
    expect(await ask('SELECT count() FROM interactions', 'nobody')).toBe('0\n');
  });

  test('system tables show readable tables only', async () => {
    expect(await ask('SHOW TABLES')).not.toContain('_rows');
    expect(await ask("SELECT count() FROM system.tables WHERE name LIKE '%_rows'")).toBe('0\n');
    expect(await ask("SELECT count() FROM system.columns WHERE table LIKE '%_rows'")).toBe('0\n');
    expect(await ask('SHOW DATABASES')).toBe('kenal\nsystem\n');
    expect(await ask("SELECT count() FROM system.settings WHERE name = 'additional_table_filters'")).toBe('0\n');
  });

  test('drivers are told of readable names that they exist, of all others that they do not', async () => {
    for (const there of ['orders', 'TABLE kenal.orders', 'VIEW `orders`', 'TABLE system.one', 'DATABASE kenal'])
      expect(await ask(`EXISTS ${there}`), there).toBe('1\n');
    for (const hidden of [
      'profile_rows',
      'VIEW kenal.customer_day_state',
      'TABLE kenal.migrations',
      'TABLE system.parts',
      'nothing',
      'DATABASE default',
    ])
      expect(await ask(`EXISTS ${hidden}`), hidden).toBe('0\n');
    expect(await ask("SHOW COLUMNS FROM orders LIKE 'order_i_'")).toBe('order_id\tString\tNO\t\t\\N\t\n');
    expect(await ask("SHOW COLUMNS FROM `x'; --`")).toBe('');
    expect(await ask('USE kenal')).toBe('');
  });

  test('a query over its limits ends with an error, not with a part of the answer', async () => {
    await expect(ask('SELECT number FROM numbers(2000000)')).rejects.toThrow(/TOO_MANY_ROWS/);
    await expect(ask('SELECT groupArray(number) FROM numbers(190000000)')).rejects.toThrow(/MEMORY_LIMIT_EXCEEDED/);
    // What kenal.yaml says of a workspace holds for it alone
    const some = 'SELECT length(groupArray(number)) FROM numbers(10000000)';
    expect(await ask(some)).toBe('10000000\n');
    await expect(ask(some, 'poor')).rejects.toThrow(/MEMORY_LIMIT_EXCEEDED/);
  });

  test('a request may lower the limits of its workspace, whatever these are, and raise none', async () => {
    const some = 'SELECT length(groupArray(number)) FROM numbers(10000000)';
    const [lower, higher] = ['max_memory_usage = 40000000', 'max_memory_usage = 900000000'];
    await expect(ask(`${some} SETTINGS ${lower}`)).rejects.toThrow(/MEMORY_LIMIT_EXCEEDED/);
    await expect(ask(`${some} SETTINGS ${higher}`, 'poor')).rejects.toThrow(/may be 1 to 50000000/);
    await expect(ask(some, 'poor', {}, { max_memory_usage: '900000000' })).rejects.toThrow(/MEMORY_LIMIT_EXCEEDED/);
    expect(await ask('SELECT 1 SETTINGS max_execution_time = 30', 'poor')).toBe('1\n');
    await expect(ask('SELECT 1 SETTINGS max_execution_time = 30')).rejects.toThrow(/may be 1 to 10/);
    await expect(ask('SELECT 1 SETTINGS max_execution_time = 0', 'poor')).rejects.toThrow(/may be 1 to 60/);
  });
});
