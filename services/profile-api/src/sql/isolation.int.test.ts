import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interactionRow, openTestWarehouse, type TestWarehouse } from '../testing/warehouse.ts';
import { engineOf } from './guard/engine.ts';
import { createSqlGuard } from './guard/guard.ts';
import { createRunSql } from './run.ts';
import { settingsOfUrl } from './settings.ts';

// In every column whose dictionary or paths the rows of one part share
const FOREIGN = 'zforeign';
const rowOf = (workspace: string, word: string, i: number): object => {
  const identifiers = [{ type: `${word}_type`, value: word }];
  const json = { [`${word}_path`]: { [`${word}_inner`]: [{ [`${word}_deep`]: word }] }, shared: i % 2 ? i : word };
  return interactionRow(workspace, `${word}-${i}`, {
    ...{
      source: word,
      name: `${word}_${i}`,
      type: word,
      channel: word,
      actor_kind: word,
      actor_team: word,
      currency: word,
    },
    ...{ identifiers, identifiers_sent: identifiers, participants: [{ role: word, identifiers }], log_topic: word },
    ...{ consent: { [word]: true }, traits: json, properties: json, context: json, extra: json, order_currency: word },
    items: [
      { line: 1, item_id: word, name: word, category: word, quantity: '1', price: '1', amount: '1', currency: word },
    ],
  });
};
// Some formats refuse nested columns: each is asked for what it takes
const ANSWERS = ['*', 'name', 'identifiers, consent, participants', 'tuple(traits), [properties]', 'traits'];

describe('two workspaces in one part', () => {
  let engine: TestWarehouse;
  let formats: readonly string[];
  let flipped: Readonly<Record<string, string>>;
  let run: ReturnType<typeof createRunSql>;

  beforeAll(async () => {
    engine = await openTestWarehouse();
    const { warehouse } = engine;
    const rows = Array.from({ length: 20 }, (_, i) => [rowOf('shop', 'own', i), rowOf('bank', FOREIGN, i)]).flat();
    await warehouse.insert('kenal.interaction_rows', rows);
    const names = await warehouse.query<{ name: string }>('SELECT name FROM system.formats WHERE is_output');
    formats = names.map(({ name }) => name).filter((name) => !/Wire$|^ODBC/.test(name));
    const switches = await warehouse.query<{ name: string; value: string }>(
      "SELECT name, value FROM system.settings WHERE name LIKE '%output_format%' AND type = 'Bool'",
    );
    flipped = Object.fromEntries(switches.map(({ name, value }) => [name, value === '1' ? '0' : '1']));
    run = createRunSql(warehouse, createSqlGuard(engineOf(warehouse)));
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  /** Bytes of an answer to the shop with settings in the URL; null where the format does not take such columns. */
  const bytesOf = async (columns: string, format: string, url: Readonly<Record<string, string>>) => {
    const read = settingsOfUrl(url);
    if ('refused' in read) return null;
    const sql = `SELECT ${columns} FROM interactions LIMIT 5`;
    const asked = { sql, format, params: {}, settings: read.settings, queryId: 'q', inPieces: true, revision: 0 };
    const answer = await run(asked, 'shop', new AbortController().signal).catch(() => null);
    return answer && Buffer.concat(await answer.stream.toArray());
  };
  const leaks = async (cases: readonly (readonly [columns: string, format: string, url: Record<string, string>])[]) => {
    const found: string[] = [];
    let answered = 0;
    for (const [columns, format, url] of cases) {
      const bytes = await bytesOf(columns, format, url);
      if (bytes?.includes('own')) answered++;
      if (bytes?.includes(FOREIGN)) found.push(`${columns} as ${format} with ${JSON.stringify(url)}`);
    }
    return { found, answered };
  };

  test('no output format writes a word of the other one', async () => {
    const cases = formats.flatMap((format) => ANSWERS.map((columns) => [columns, format, {}] as const));
    const { found, answered } = await leaks(cases);
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(cases.length / 2);
  });

  test('nor with each switch of its own turned over', async () => {
    const cases = Object.entries(flipped).flatMap(([name, value]) => {
      const family = name.split('_')[2]!;
      const own = formats.filter((format) => !/^Pretty|JSON/.test(format) && format.toLowerCase().includes(family));
      return own.flatMap((format) =>
        ANSWERS.slice(0, 4).map((columns) => [columns, format, { [name]: value }] as const),
      );
    });
    const { found, answered } = await leaks(cases);
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(cases.length / 4);
  });

  test('nor does an answer tell how many rows of the part were looked at', async () => {
    for (const format of ['JSON', 'XML', 'JSONCompact', 'JSONColumnsWithMetadata'])
      for (const url of [{}, { output_format_write_statistics: '1' }])
        expect((await bytesOf('message_id', format, url))?.toString(), format).not.toMatch(/rows_?read/i);
    expect(await bytesOf('message_id', 'JSONEachRowWithProgress', {})).toBeNull();
    const asked = { params: {}, settings: {}, queryId: 'q', inPieces: true, revision: 0, format: 'CSV' };
    const sql = 'SELECT message_id FROM interactions LIMIT 5';
    const { summary } = await run({ ...asked, sql }, 'shop', new AbortController().signal);
    expect(summary).toMatchObject({ read_rows: '5', result_rows: '5' });
  });
});
