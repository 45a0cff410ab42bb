import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createBatcher } from './batcher.ts';
import { createLanes } from './lanes.ts';
import { parseMapping } from './mapping-file.ts';
import { type PreparedImport, prepareImport } from './prepare.ts';
import { detectDelimiter } from './read-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'kenal-import-'));
let files = 0;

async function prepare(content: string | Buffer, mapping: string, name = 'rows.csv'): Promise<PreparedImport> {
  const path = join(folder, `${files++}-${name}`);
  writeFileSync(path, content);
  return prepareImport(path, { path: 'map.yaml', text: mapping, mapping: parseMapping(mapping, 'map.yaml') }, 'UTC');
}

async function outcome(content: string | Buffer, mapping: string, name?: string) {
  const prepared = await prepare(content, mapping, name);
  const results = [];
  for await (const group of prepared.rows.rows())
    for (const read of group) results.push(read.ok ? { line: read.row.line, ...prepared.toEvent(read.row) } : read);
  return results;
}

async function events(content: string | Buffer, mapping: string, name?: string) {
  return (await outcome(content, mapping, name)).map((each) => {
    if (!each.ok || !('event' in each)) throw new Error(JSON.stringify(each));
    return each.event;
  });
}

const SHOP = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID
536365,85123A,"HEART ""T"" HOLDER",6,2010-12-01 08:26:00,2.55,17850.0
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,
`;
const SHOP_MAP = `
time: InvoiceDate
identifiers: { loyalty_card: { column: CustomerID, convert: integer } }
order: { id: InvoiceNo, item: StockCode, name: Description, quantity: { column: Quantity, sign: return }, price: UnitPrice, currency: GBP }
`;

test('a row of an order file is one order line with exact numbers; nobody known, no identifier', async () => {
  const [first, second] = await events(SHOP, SHOP_MAP);
  expect(first).toEqual({
    type: 'track',
    event: 'Order Completed',
    timestamp: '2010-12-01T08:26:00.000Z',
    context: { externalIds: [{ id: '17850', type: 'loyalty_card', collection: 'users', encoding: 'none' }] },
    properties: {
      order_id: '536365',
      order_line: true,
      revenue: '15.3',
      currency: 'GBP',
      products: [{ product_id: '85123A', name: 'HEART "T" HOLDER', quantity: '6', price: '2.55' }],
    },
  });
  expect(second).toMatchObject({ properties: { revenue: '-27.5', return: true } });
  expect(second?.context).toBeUndefined();
});

test('gzip, byte order mark, semicolons and Latin 1 are found out by looking', async () => {
  const text = '\ufeffname;mail\nZoë;z@example.com\n';
  const map = 'identifiers: { email: mail }\ntraits: { firstName: name }\n';
  const wanted = [{ type: 'identify', traits: { firstName: 'Zoë' } }];
  expect(await events(gzipSync(text), map, 'rows.csv.gz')).toMatchObject(wanted);
  expect(await events(Buffer.from(text.slice(1), 'latin1'), map)).toMatchObject(wanted);
  expect(await events(Buffer.from(text, 'utf16le'), map)).toMatchObject(wanted);
  expect(detectDelimiter('a\tb\tc,d\n1\t2\t3,4\n')).toBe('\t');
  expect(detectDelimiter('a,"x;y;z;w",b\n1,"2;3;4;5",6\n')).toBe(',');
});

const PEOPLE_MAP = 'identifiers: { email: mail }\ntraits: { note: note }\n';
const told = async (content: string) =>
  (await outcome(content, PEOPLE_MAP)).map((each) =>
    'event' in each ? [each.line, each.event.traits?.note] : [(each as { broken: object }).broken],
  );

test('a row that is too long is one error with its line, and every other row is read', async () => {
  const long = 'x'.repeat(3_000_000);
  const content = `mail,note\na@x.example,"two\nlines"\nb@x.example,${long}\nc@x.example,c\nd@x.example,"${long}\n${long}"\ne@x.example,"e ""e"""\n`;
  const [a, b, c, d, e, ...rest] = await told(content);
  expect(a?.[1]).toBe('two\nlines');
  expect(b).toEqual([{ line: 4, reason: 'the row is longer than 1048576 characters' }]);
  expect(c).toEqual([5, 'c']);
  expect(d).toEqual([{ line: 6, reason: 'the row is longer than 1048576 characters' }]);
  expect(e).toEqual([8, 'e "e"']);
  expect(rest).toEqual([]);
});

test('a quote that is never closed, or in the wrong place, is an error with its line, and what follows is read', async () => {
  const rows = Array.from({ length: 40_000 }, (_, n) => `r${n}@x.example,""`);
  const content = ['mail,note', 'a@x.example,"never', 'b@x.example,"again', 'c@x.example,"', ...rows].join('\n');
  const [a, c, ...rest] = await told(content);
  expect(a).toEqual([
    { line: 2, reason: 'a quote is opened in this line and not closed before line 3; the lines to there are left out' },
  ]);
  expect(c).toEqual([{ line: 4, reason: 'a quote is opened in this line and never closed' }]);
  expect(rest).toHaveLength(40_000);
});

test('NDJSON and a JSON array give the same events, columns by path', async () => {
  const rows = [
    { at: 1767225600, customer: { id: 7, mail: 'A@B.example' }, plan: 'gold', seats: 3 },
    { at: 1767225601, customer: { id: 8 }, plan: null, seats: 4 },
  ];
  const map = `
event: Plan Chosen
time: at
identifiers: { user_id: customer.id, email: customer.mail }
properties: { plan: plan, seats: seats, origin: { const: billing } }
context: { page.url: https://example.com/plans, library: import }
`;
  const lines = await events(rows.map((row) => JSON.stringify(row)).join('\n'), map, 'rows.ndjson');
  expect(lines).toEqual(await events(JSON.stringify(rows), map, 'rows.json'));
  expect(lines[0]).toMatchObject({
    event: 'Plan Chosen',
    userId: '7',
    timestamp: '2026-01-01T00:00:00.000Z',
    properties: { plan: 'gold', seats: 3, origin: 'billing' },
    context: { page: { url: 'https://example.com/plans' }, library: 'import' },
  });
  expect(lines[1]?.properties).toEqual({ seats: 4, origin: 'billing' });
});

test('each bad row is refused by itself, with its line, column and reason', async () => {
  const broken = `${SHOP}536366,1,x,six,2010-12-01 10:00:00,1,1\n536367,1,x,1,soon,1,1\n536368,1,x\n`;
  const results = await outcome(broken, SHOP_MAP);
  expect(results.map(({ ok }) => ok)).toEqual([true, true, false, false, false]);
  expect(results[2]).toMatchObject({ line: 4, column: 'Quantity', reason: '"six" is not a number' });
  expect(results[3]).toMatchObject({ line: 5, column: 'InvoiceDate' });
  expect(results[4]).toMatchObject({ broken: { line: 6, reason: 'the row has 3 cells, the header has 7' } });
});

test.each([
  [
    'an unknown key names the known ones',
    'evnt: x',
    /line 1, evnt: there is no such option, did you mean event\?; there are source, type, event/,
  ],
  [
    'a column that is not there names those that are',
    'event: x\nidentifiers: { email: Mail }',
    /names the column Mail.*StockCode, Description/,
  ],
  ['a mapping that says nothing is refused', 'time: InvoiceDate', /say what the rows are/],
  ['an unknown zone is refused', 'event: x\nzone: Mars/Base', /no time zone Mars\/Base/],
  [
    'a converter that is unknown is refused',
    'event: x\ntraits: { a: { column: StockCode, convert: rot13 } }',
    /traits\.a/,
  ],
  [
    'a constant where only a number can stand',
    SHOP_MAP.replace('price: UnitPrice', 'price: { const: much }'),
    /"much" is not a number/,
  ],
])('%s', async (_promise, map, message) => {
  await expect(prepare(SHOP, map)).rejects.toThrow(message);
});

test('day and month are asked for where the file shows neither, and taken from a later row that does', async () => {
  const rows = (...days: string[]): string => `at,who\n${days.map((day) => `${day},7\n`).join('')}`;
  const map = 'event: Seen\ntime: at\nidentifiers: { user_id: who }\n';
  await expect(prepare(rows('12/1/2010 8:26', '12/2/2010 9:00'), map)).rejects.toThrow(
    /day or the month first.*d\/M\/yyyy H:mm/,
  );
  const decided = await events(rows('12/1/2010 8:26', '12/13/2010 9:00'), map);
  expect(decided.map(({ timestamp }) => timestamp)).toEqual(['2010-12-01T08:26:00.000Z', '2010-12-13T09:00:00.000Z']);
  const named = await events(
    rows('12/1/2010 8:26'),
    map.replace('time: at', "time: { column: at, date: 'd/M/yyyy H:mm' }"),
  );
  expect(named[0]?.timestamp).toBe('2010-01-12T08:26:00.000Z');
});

test('converters, empty values and defaults do what they say', async () => {
  const map = `
type: identify
identifiers: { user_id: { column: id, convert: upper } }
traits:
  vip: { column: vip, convert: boolean }
  spent: { column: spent, decimal: ',' }
  born: { column: born, date: dd.MM.yyyy, zone: Europe/Berlin }
  city: { column: city, empty: [n/a], default: unknown }
  tags: { column: tags, convert: json }
`;
  const csv = 'id;vip;spent;born;city;tags\na1;Yes;1.234,50;01.02.1980;n/a;"[1,2]"\n';
  expect(await events(csv, map)).toEqual([
    {
      type: 'identify',
      userId: 'A1',
      traits: { vip: true, spent: 1234.5, born: '1980-01-31T23:00:00.000Z', city: 'unknown', tags: [1, 2] },
    },
  ]);
});

test('a batch closes before it is over either limit, and knows the rows that it ends with', () => {
  const batcher = createBatcher(3, 1_000);
  const batches = [];
  for (let row = 1; row <= 7; row++) batches.push(batcher.add(`{"n":${row}}`, row + 1, row));
  batches.push(batcher.flush(7));
  expect(batches.filter((batch) => batch !== null).map(({ rowsRead }) => rowsRead)).toEqual([3, 6, 7]);
  const wide = createBatcher(100, 50);
  const texts = ['"ééééééééé"', '"ééééééééé"', '"ééééééééé"'];
  const closed = texts.map((text, index) => wide.add(text, index, index + 1)).filter((batch) => batch !== null);
  expect(closed).toHaveLength(1);
  expect(JSON.parse(closed[0]?.body ?? '')).toEqual({ batch: ['ééééééééé', 'ééééééééé'] });
});

test('lanes run side by side, tell of ends in order, and stop at a failure', async () => {
  const told: number[] = [];
  const lanes = createLanes<number>(3, (result) => told.push(result));
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  for (const gate of gates.slice(0, 3)) await lanes.submit(() => gate.promise);
  gates[1]?.resolve(1);
  gates[2]?.resolve(2);
  await lanes.submit(() => (gates[3] as (typeof gates)[0]).promise);
  expect(told).toEqual([]);
  gates[0]?.resolve(0);
  gates[3]?.reject(new Error('away'));
  await expect(lanes.drain()).rejects.toThrow('away');
  expect(told).toEqual([0, 1, 2]);
  await expect(lanes.submit(async () => 9)).rejects.toThrow('away');
});

test('channel, direction and kind of actor may stand in a column; a word that is neither a column nor one of them is named', async () => {
  const file = 'who,where,way,rep\nann,phone,outbound,r7\n';
  const map = 'event: Visit Made\nidentifiers: { user_id: who }\n';
  const [event] = await events(
    file,
    `${map}channel: where\ndirection: way\nactor: { kind: staff, id: rep }\ncase_id: { const: c1 }\n`,
  );
  expect(event?.context?.kenal).toEqual({
    channel: 'phone',
    direction: 'outbound',
    actor: { kind: 'staff', id: 'r7' },
    caseId: 'c1',
  });
  for (const [line, says] of [
    ['channel: shop', /channel: "shop" is no column and none of email, phone/],
    ['direction: { const: out }', /direction: "out" is no column and none of inbound, outbound, internal/],
    ['actor: { kind: boss, id: rep }', /actor\.kind: "boss" is no column and none of agent, staff/],
  ] as const)
    await expect(prepare(file, `${map}${line}\n`)).rejects.toThrow(says);
});
