import { describe, expect, it, vi } from 'vitest';
import { applyOverrides, rowVersion, type Warehouse } from './index.ts';
import { interactionRow, NOON, receiptRow, WORKSPACE } from './test-support.ts';

/** What every warehouse keeps, whatever is behind it. @param warehouse with its schema, and used by nothing else */
export function warehouseContract(warehouse: () => Warehouse): void {
  const ask = <T = Record<string, unknown>>(sql: string, params = {}, signal?: AbortSignal) =>
    warehouse().query<T>(sql, { workspace: WORKSPACE, params, ...(signal ? { signal } : {}) });

  describe('answers', () => {
    it('binds parameters of every kind, whatever characters they hold', async () => {
      const params = { a: "it's\ta \\ \n'q'", b: ["x'y", '\t', '\\'], c: null, d: 42, e: true, f: '' };
      const rows = await ask(
        'SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Nullable(String)} AS c, {d:UInt8} AS d, {e:Bool} AS e, {f:String} AS f',
        params,
      );
      expect(rows).toEqual([params]);
      const urlParams = { a: 'x\\ty', b: "['it\\'s']", c: '\\N' };
      const url = await warehouse().query('SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Nullable(UInt8)} AS c', {
        urlParams,
      });
      expect(url).toEqual([{ a: 'x\ty', b: ["it's"], c: null }]);
      await expect(ask('SELECT {d:UInt8} + 1 AS later')).rejects.toMatchObject({ code: 'sql_failed' });
    });

    it('leaves no setting, parameter or workspace of one query to the next', async () => {
      await warehouse().query('SELECT {secret:String} AS a', {
        workspace: 'other',
        params: { secret: 'x' },
        settings: { max_threads: 1, max_block_size: 77 },
      });
      const rows = await warehouse().query<{ w: string; b: number }>(
        "SELECT getSetting('log_comment') AS w, getSetting('max_block_size') AS b",
      );
      expect(rows[0]?.w).toBe('');
      expect(rows[0]?.b).not.toBe(77);
    });

    it('gives the bytes of any format, binary ones included', async () => {
      const answer = await warehouse().raw('SELECT number, 0 AS zero FROM numbers(3)', { format: 'RowBinary' });
      const bytes = Buffer.concat(await answer.stream.toArray());
      expect(bytes.length).toBe(3 * 9);
      expect(bytes.readBigUInt64LE(18)).toBe(2n);
      const named = await warehouse().raw('SELECT 1 AS a FORMAT JSONCompact SETTINGS max_threads = 1');
      expect(named.format).toBe('JSONCompact');
      expect(JSON.parse(Buffer.concat(await named.stream.toArray()).toString()).data).toEqual([[1]]);
      expect(named.queryId).not.toBe('');
      expect(named.timezone).toBe('UTC');
    });

    it('tells the code and the words of ClickHouse where a statement fails', async () => {
      const fault = await ask('SELEC 1').catch((error: unknown) => error);
      expect(fault).toMatchObject({ code: 'sql_failed', clickhouseCode: 62, kind: 'statement' });
      expect((fault as { exception: string }).exception).toMatch(/^Code: 62\. DB::Exception: Syntax error/);
    });

    it('refuses a reader to write, and to lift that', async () => {
      await expect(ask('CREATE TABLE kenal.mine (a UInt8) ENGINE = Memory')).rejects.toMatchObject({
        clickhouseCode: 164,
      });
      const lifted = warehouse().query("INSERT INTO kenal.migrations (name) VALUES ('x')", {
        settings: { readonly: 0 },
      });
      await expect(lifted).rejects.toMatchObject({ code: 'sql_failed' });
    });

    it('ends a query that runs too long', async () => {
      const long = warehouse().query('SELECT count() FROM numbers(1e12)', { settings: { max_execution_time: 1 } });
      await expect(long).rejects.toMatchObject({ clickhouseCode: 159, kind: 'busy' });
    });

    it('lets an aborted caller go at once, ends what it asked, and answers the next one rightly', async () => {
      const gone = new AbortController();
      const asked = ask('SELECT max(sipHash64(number)) AS most FROM numbers(1e12)', {}, gone.signal);
      const isRunning = async () => {
        const sql =
          "SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%LIKE%'";
        return (await ask<{ n: number }>(sql))[0]?.n === 1;
      };
      await vi.waitFor(async () => expect(await isRunning()).toBe(true), 5_000);
      const aborted = performance.now();
      gone.abort();
      await expect(asked).rejects.toThrow(/abort/);
      await vi.waitFor(async () => expect(await isRunning()).toBe(false), 5_000);
      expect(performance.now() - aborted, 'readers have 10 s').toBeLessThan(6_000);
      expect(await ask('SELECT 42 AS answer')).toEqual([{ answer: 42 }]);
    });

    it('never puts what a failed query wrote into the answer of another, before or beside it', async () => {
      const failing = () =>
        warehouse()
          .query("SELECT 'theirs', number, throwIf(number = 300000) FROM numbers(1000000)", {
            workspace: 'theirs',
            settings: { max_block_size: 1000 },
          })
          .catch(() => 'failed');
      const others = Array.from({ length: 24 }, async (_, i) => {
        if (i % 3 === 0) return failing();
        return ask('SELECT {i:UInt8} AS mine', { i });
      });
      const answers = await Promise.all(others);
      for (const [i, answer] of answers.entries()) expect(answer).toEqual(i % 3 === 0 ? 'failed' : [{ mine: i }]);
      await warehouse()
        .insert('kenal.receipt_counts', [{ nope: 1 }])
        .catch(() => undefined);
      expect(await ask('SELECT 42 AS mine')).toEqual([{ mine: 42 }]);
    });

    it('shows a statement as the parser sees it', async () => {
      expect(await warehouse().parseAst('SELECT a FROM t FORMAT JSON')).toContain('TableIdentifier t');
      await expect(warehouse().parseAst('SELECT')).rejects.toMatchObject({ clickhouseCode: 62 });
    });
  });

  describe('tables', () => {
    const optimise = async () => {
      const answer = await warehouse().raw('OPTIMIZE TABLE kenal.interaction_rows FINAL', { role: 'writer' });
      await answer.stream.resume().toArray();
    };

    it('keeps amounts, times and JSON to the last digit', async () => {
      const traits = { plan: 'pro', 'a.b': 1, a: { b: '2024-02-30', '': [1, true, null, 'x', { y: 2.5 }], c: {} } };
      await warehouse().insert('kenal.interaction_rows', [
        interactionRow('exact', { amount: '12345678901234567890.123456', client_at: NOON + 1, traits }),
      ]);
      const rows = await ask(
        "SELECT amount, toString(client_at) AS at, traits, JSONExtractString(traits, 'plan') AS plan FROM kenal.interactions WHERE message_id = 'exact'",
      );
      const [at, text] = ['2024-05-01 12:00:00.000001', JSON.stringify(traits)];
      expect(rows).toEqual([{ amount: '12345678901234567890.123456', at, traits: text, plan: 'pro' }]);
    });

    it('shows one row of an interaction, however often and with whatever else it was inserted', async () => {
      for (const ver of [1, 3, 2]) {
        await warehouse().insert('kenal.interaction_rows', [
          interactionRow('twice', { ver: String(rowVersion(NOON, ver)), profile_id: `p${ver}`, owner: 'email:a@b.c' }),
          interactionRow('twice', { source: 'other', profile_id: 'q' }),
        ]);
      }
      const rows = await ask(
        "SELECT source, profile_id FROM kenal.interactions WHERE message_id = 'twice' ORDER BY source",
      );
      expect(rows).toEqual([
        { source: 'other', profile_id: 'q' },
        { source: 'web', profile_id: 'p3' },
      ]);
    });

    it('shows the smallest occurred_at of differing copies, whatever order they come in, before and after merges', async () => {
      const copy = (id: string, [at, assignment]: readonly [number, number]) =>
        interactionRow(id, {
          ...{ occurred_at: NOON + at, ver: String(rowVersion(NOON + at, assignment)), owner: `email:${id}@b.c` },
          profile_id: `p${assignment}`,
        });
      const early = [-7, 1] as const;
      const late = [9, 2] as const;
      for (const each of [early, late]) await warehouse().insert('kenal.interaction_rows', [copy('rising', each)]);
      for (const each of [late, early]) await warehouse().insert('kenal.interaction_rows', [copy('falling', each)]);
      const shown = () =>
        ask(`SELECT toUnixTimestamp64Micro(occurred_at) AS at, profile_id AS p FROM kenal.interactions
             WHERE message_id IN ('rising', 'falling') ORDER BY message_id`);
      const before = { at: NOON - 7, p: 'p1' };
      expect(await shown()).toEqual([before, before]);
      await optimise();
      expect(await shown()).toEqual([before, before]);
      // The copy that stays was decided before its owner moved
      const moved = ['rising', 'falling'].map((id) => ({ owner: `email:${id}@b.c`, profileId: 'p2', ver: 2 }));
      await applyOverrides(
        warehouse(),
        moved.map((override) => ({ workspace: WORKSPACE, ...override })),
      );
      const after = { at: NOON - 7, p: 'p2' };
      expect(await shown()).toEqual([after, after]);
      await warehouse().insert('kenal.interaction_rows', [copy('rising', [3, 9])]);
      await optimise();
      expect(await shown()).toEqual([after, after]);
    });

    it('shows no row of another workspace', async () => {
      await warehouse().insert('kenal.interaction_rows', [interactionRow('theirs', { workspace: 'theirs' })]);
      for (const view of ['interactions', 'orders', 'order_items', 'profiles', 'profile_identifiers', 'balance']) {
        const rows = await warehouse().query(`SELECT * FROM kenal.${view}`, { workspace: 'nobody' });
        expect(rows, view).toEqual([]);
      }
      expect(await ask("SELECT 1 FROM kenal.interactions WHERE message_id = 'theirs'")).toEqual([]);
    });

    it('shows a merge at once, the newest assignment whatever order they come in', async () => {
      const row = interactionRow('moved', {
        owner: 'anonymous_id:m',
        profile_id: 'before',
        ver: String(rowVersion(NOON, 10)),
      });
      await warehouse().insert('kenal.interaction_rows', [row]);
      const profile = async () =>
        (await ask<{ p: string }>("SELECT profile_id AS p FROM kenal.interactions WHERE message_id = 'moved'"))[0]?.p;
      const move = (profileId: string, ver: number) =>
        applyOverrides(warehouse(), [{ workspace: WORKSPACE, owner: 'anonymous_id:m', profileId, ver }]);
      await move('after', 20);
      expect(await profile()).toBe('after');
      await move('late', 15);
      expect(await profile()).toBe('after');
      await warehouse().insert('kenal.interaction_rows', [
        { ...row, profile_id: 'newest', ver: String(rowVersion(NOON, 30)) },
      ]);
      expect(await profile()).toBe('newest');
    });

    it('shows thousands of merges that came at once, whatever the identifiers hold', async () => {
      const owners = Array.from(
        { length: 3_000 },
        (_, n) => `email:it's \\ ünï\n{x:String} ${n}@${'long.'.repeat(20)}example`,
      );
      const rows = owners.map((owner, n) => interactionRow(`many-${n}`, { owner, profile_id: 'before', ver: 10 }));
      await warehouse().insert('kenal.interaction_rows', rows);
      const overrides = owners.map((owner) => ({ workspace: WORKSPACE, owner, profileId: 'after', ver: 20 }));
      await applyOverrides(warehouse(), overrides);
      const found = await ask<{ p: string; n: number }>(
        "SELECT profile_id AS p, count() AS n FROM kenal.interactions WHERE startsWith(message_id, 'many-') GROUP BY p",
      );
      expect(found).toEqual([{ p: 'after', n: owners.length }]);
    });

    it('documents every column of every table and view', async () => {
      // Nobody reads interaction_facts but views, and its columns are those of the table
      const bare = await warehouse().query(
        `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = '' AND table != 'interaction_facts'`,
      );
      expect(bare).toEqual([]);
      expect(
        await warehouse().query("SELECT name FROM system.tables WHERE database = 'kenal' AND comment = ''"),
      ).toEqual([]);
    });
  });

  describe('balance', () => {
    const minutes = 'SELECT * EXCEPT (minute, source) FROM kenal.balance WHERE source = {source:String}';
    const counted = (source: string, received: number) => ({
      ...{ workspace: WORKSPACE, source, minute: NOON / 1e6, collector: 'c1', received, acknowledged: received },
      counted_at: NOON,
    });

    it('adds up: stored, duplicate and failed copies', async () => {
      const at = { source: 'even' };
      await warehouse().insert('kenal.interaction_rows', [interactionRow('b1', { ...at, receipt_sequence: 2 })]);
      await warehouse().insert('kenal.receipts', [
        receiptRow('b1', 1, at),
        receiptRow('b1', 2, at),
        receiptRow('b1', 2, at),
        receiptRow('bad', 3, { ...at, refused: 1 }),
      ]);
      await warehouse().insert('kenal.receipt_counts', [counted('even', 2), counted('even', 3)]);
      const even = { received: 3, stored: 1, duplicate: 1, failed: 1, pending: 0, difference: 0 };
      expect(await ask(minutes, at)).toEqual([even]);
    });

    it('names a deleted row, a lost record and a row added by hand', async () => {
      const at = { source: 'odd' };
      await warehouse().insert('kenal.interaction_rows', [
        interactionRow('o1', { ...at, receipt_sequence: 101 }),
        interactionRow('o2', { ...at, receipt_sequence: 102 }),
      ]);
      await warehouse().insert('kenal.receipts', [receiptRow('o1', 101, at), receiptRow('o2', 102, at)]);
      await warehouse().insert('kenal.receipt_counts', [counted('odd', 2)]);
      const difference = async () => (await ask<{ difference: number }>(minutes, at))[0]?.difference;
      expect(await difference()).toBe(0);
      await warehouse().raw(
        "DELETE FROM kenal.interaction_rows IN PARTITION 2024 WHERE message_id = 'o2' SETTINGS lightweight_deletes_sync = 2",
        { role: 'writer' },
      );
      expect(await difference()).toBe(1);
      await warehouse().insert('kenal.interaction_rows', [interactionRow('o2', { ...at, receipt_sequence: 102 })]);
      expect(await difference()).toBe(0);
      await warehouse().insert('kenal.receipt_counts', [counted('odd', 3)]);
      expect(await difference()).toBe(1);
      await warehouse().insert('kenal.receipts', [receiptRow('o2', 103, at)]);
      expect(await difference()).toBe(0);
      await warehouse().insert('kenal.interaction_rows', [interactionRow('forged', { ...at, receipt_sequence: 999 })]);
      expect(await difference()).toBe(-1);
      // Under the receipt of another row, in its minute or another
      const copied = { ...at, receipt_sequence: 101 };
      await warehouse().insert('kenal.interaction_rows', [
        interactionRow('copied', copied),
        interactionRow('moved', { ...copied, received_at: NOON + 60_000_000 }),
      ]);
      const differences = (await ask<{ difference: number }>(`${minutes} ORDER BY minute`, at)).map(
        (one) => one.difference,
      );
      expect(differences).toEqual([-2, -1]);
    });

    it('lists ids that came with different content', async () => {
      await warehouse().insert('kenal.receipts', [
        receiptRow('changed', 201, { content_hash: 1 }),
        receiptRow('changed', 202, { content_hash: 2 }),
      ]);
      const rows = await ask('SELECT message_id, contents, copies FROM kenal.conflicting_ids');
      expect(rows).toEqual([{ message_id: 'changed', contents: 2, copies: 2 }]);
    });
  });

  describe('many statements of one analyst', () => {
    it('leave readers and other workspaces at the head of the queue', async () => {
      const answered: string[] = [];
      const ask = async (role: 'reader' | 'analyst', workspace: string, seconds: number) => {
        const answer = await warehouse().raw(`SELECT sleep(${seconds})`, { role, workspace });
        await answer.stream.resume().toArray();
        answered.push(`${role} of ${workspace}`);
      };
      const flood = Array.from({ length: 40 }, () => ask('analyst', 'greedy', 0.1));
      const pinged = warehouse().ping();
      await Promise.all([pinged, ask('reader', 'greedy', 0), ask('analyst', 'modest', 0)]);
      expect(answered.filter((who) => who === 'analyst of greedy').length).toBeLessThan(10);
      await Promise.all(flood);
    });
  });

  // The last one: what comes after it is slowed down by ninety partitions
  it('spreads rows of any time over few partitions', async () => {
    const years = Array.from({ length: 300 }, (_, i) =>
      interactionRow(`year-${i}`, { client_at: (1_800 + i - 1_970) * 31_556_952_000_000 + 86_400_000_000 }),
    );
    await warehouse().insert('kenal.interaction_rows', years);
    const [row] = await ask<{ n: number }>(
      "SELECT count() AS n FROM kenal.interactions WHERE startsWith(message_id, 'year-')",
    );
    expect(row?.n).toBe(300);
  });
}
