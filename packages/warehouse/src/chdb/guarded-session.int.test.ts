import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../test-support.ts';
import { GuardedSession, type NativeRequest } from './guarded-session.ts';
import { loadNative, type Native } from './native.ts';
import { SessionPool } from './session-pool.ts';

const FAILS = 'SELECT number, throwIf(number = 300000) FROM numbers(1000000) SETTINGS max_block_size = 1000';
const request = (sql: string, more: Partial<NativeRequest> = {}): NativeRequest => ({
  ...{ sql, format: 'TabSeparated', settings: {}, params: {}, database: 'default' },
  ...more,
});

describe('a native session', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let native: Native;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    native = await loadNative(directory.path);
  });
  afterAll(async () => {
    await native.drained();
    await directory[Symbol.asyncDispose]();
  });

  // Where this fails chDB was mended, and the draining can go.
  it('on its own puts the remains of a failed query before the next answer', async () => {
    using bare = native.open();
    await expect(bare.queryAsync(FAILS)).rejects.toThrow('throwIf');
    const next = (await bare.queryAsync('SELECT 42')).text();
    expect(next).not.toBe('42\n');
    expect(next).toContain('0,0\n1,0\n');
  });

  it('guarded, leaves nothing of a failed query to the next answer', async () => {
    const session = new GuardedSession(native, '');
    for (let i = 0; i < 5; i++) {
      await expect(session.run(request(FAILS))).rejects.toThrow('throwIf');
      expect(text(await session.run(request('SELECT 42')))).toBe('42\n');
    }
    session.close();
  });

  it('guarded, leaves nothing of a failed insert either', async () => {
    const session = new GuardedSession(native, '');
    await session.run(request('CREATE TABLE t (a UInt8) ENGINE = Memory'));
    const insert = {
      target: { table: 'default.t', columns: null, format: 'JSONEachRow' as const },
      rows: Buffer.from('{"a":1}\n{"a":"x"}\n'),
    };
    await expect(session.run(request('', { insert }))).rejects.toThrow('Cannot parse');
    expect(text(await session.run(request('SELECT count() FROM t')))).toBe('0\n');
    session.close();
  });

  it('guarded, starts afresh after a statement that changes the session', async () => {
    const session = new GuardedSession(native, 'SET readonly = 2');
    await session.run(request('SET max_block_size = 11'));
    expect(text(await session.run(request("SELECT getSetting('max_block_size') = 11")))).toBe('0\n');
    await expect(session.run(request('CREATE TABLE no (a UInt8) ENGINE = Memory'))).rejects.toThrow('READONLY');
    session.close();
  });
});

describe('the pool of sessions', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let native: Native;
  let pool: SessionPool;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    native = await loadNative(directory.path);
    pool = new SessionPool(native, { readers: 1, analysts: 1, mostWaiting: 2 });
  });
  afterAll(async () => {
    await pool.close();
    await native.drained();
    await directory[Symbol.asyncDispose]();
  });

  it('keeps a session taken until the engine is done, though the caller has gone', async () => {
    const gone = new AbortController();
    const begun = performance.now();
    const aborted = pool.run('reader', request('SELECT sleep(1)'), gone.signal);
    gone.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    expect(performance.now() - begun).toBeLessThan(500);
    expect(text(await pool.run('reader', request('SELECT 42')))).toBe('42\n');
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  it('drains after an aborted query that fails later', async () => {
    const gone = new AbortController();
    const aborted = pool.run('reader', request(FAILS), gone.signal);
    gone.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    expect(text(await pool.run('reader', request('SELECT 42')))).toBe('42\n');
  });

  it('refuses what would have to wait behind too many, and forgets who left the queue', async () => {
    const running = pool.run('reader', request('SELECT sleep(0.5)'));
    const left = new AbortController();
    const leaver = pool.run('reader', request('SELECT 1'), left.signal);
    const waiter = pool.run('reader', request('SELECT 2'));
    await expect(pool.run('reader', request('SELECT 3'))).rejects.toMatchObject({ code: 'overloaded' });
    left.abort(new Error('left'));
    await expect(leaver).rejects.toThrow('left');
    const late = pool.run('reader', request('SELECT 4'));
    expect(text(await running)).toBe('0\n');
    expect(text(await waiter)).toBe('2\n');
    expect(text(await late)).toBe('4\n');
  });

  it('lets workspaces take turns, and answers readers while analysts wait', async () => {
    const order: string[] = [];
    const ask = async (role: 'reader' | 'analyst', workspace: string, sql: string) => {
      await wide.run(role, request(sql, { settings: { log_comment: workspace } }));
      order.push(`${role} ${workspace}`);
    };
    const wide = new SessionPool(native, { readers: 2, analysts: 2, mostWaiting: 20 });
    // One workspace never has all readers either
    const slow = ['SELECT sleep(0.4)', 'SELECT sleep(0.3)'].map((sql) =>
      wide.run('reader', request(sql, { settings: { log_comment: 'mill' } })),
    );
    const shop = Array.from({ length: 5 }, () => ask('analyst', 'shop', 'SELECT sleep(0.2)'));
    await Promise.all([ask('analyst', 'bank', 'SELECT sleep(0.05)'), ask('reader', 'shop', 'SELECT 1')]);
    expect(order.toSorted()).toEqual(['analyst bank', 'reader shop']);
    const held = ask('analyst', 'cafe', 'SELECT sleep(0.5)');
    await Promise.all([ask('analyst', 'bank', 'SELECT 1'), ...shop]);
    expect(order.indexOf('analyst bank', 2)).toBeLessThan(5);
    await Promise.all([held, ...slow]);
    await wide.close();
  });

  it('lets readers, analysts and the writer run side by side', async () => {
    const begun = performance.now();
    await Promise.all([
      pool.run('reader', request('SELECT sleep(0.5)')),
      pool.run('analyst', request('SELECT sleep(0.5)')),
      pool.run('writer', request('SELECT sleep(0.5)')),
    ]);
    expect(performance.now() - begun).toBeLessThan(950);
  });
});

function text({ bytes }: { readonly bytes: Uint8Array }): string {
  return Buffer.from(bytes).toString('utf8');
}
