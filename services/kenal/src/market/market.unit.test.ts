import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { evaluateRecommendations } from '@kenal/analytics';
import { beforeAll, describe, expect, test } from 'vitest';
import { kenalHere, temporaryDirectory } from '../testing/cli.ts';
import { mineBaskets, type NamedBaskets, readBaskets } from './mine-file.ts';
import { type NamedOrderLines, readOrderLines } from './read-order-lines.ts';
import { leftOutInWords } from './rows-left-out.ts';

// Never committed: beside the repository, or where KENAL_REFERENCE_DATA says. Provenance in its README.
const root = process.env.KENAL_REFERENCE_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const reference = (name: string): string => join(root, 'transactions', name);
const folder = temporaryDirectory();

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function asked(...args: readonly string[]) {
  const { code, stdout, stderr } = await kenalHere(folder, [...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const groceries = reference('groceries_baskets.csv');
describe.skipIf(!existsSync(groceries))('Groceries, 9,835 baskets (needs ../shared/data)', () => {
  let baskets: NamedBaskets;
  beforeAll(async () => {
    baskets = await readBaskets(groceries, null);
  });

  // Hahsler, Grün & Hornik: arules counts rules with an empty left side, where its default minlen is 1
  test.each([
    [0.001, 0.8, 410, 410],
    [0.001, 0.5, 5_668, 5_668],
    [0.005, 0.3, 482, 482],
    [0.006, 0.25, 464, 463],
    [0.01, 0.2, 232, 231],
    [0.01, 0.5, 15, 15],
  ])('support %d, confidence %d: %i rules, %i with a left side', (support, confidence, rules, withLeft) => {
    const found = mineBaskets(baskets, { support, confidence });
    expect(found).toMatchObject({ baskets: 9_835, items: 169, found: rules, complete: true });
    expect(found.rules.filter(({ left }) => left.length > 0)).toHaveLength(withLeft);
  });

  test.each([
    [0.01, 333],
    [0.001, 13_492],
  ])('support %d: %i item sets', (support, itemSets) => {
    expect(mineBaskets(baskets, { support, confidence: 1 }).itemSets).toBe(itemSets);
  });

  test('{other vegetables} ⇒ {whole milk}, by the command, to the printed digits', async () => {
    const found = await asked('rules', 'mine', groceries, '--wide', '--support', '0.005', '--confidence', '0.3');
    expect(found).toMatchObject({ baskets: 9_835, itemSets: 1_001, found: 482, complete: true });
    const rule = found.rules.find(
      ({ left, right }: { left: string[]; right: string }) =>
        left.join() === 'other vegetables' && right === 'whole milk',
    );
    expect(rule.support.toFixed(7)).toBe('0.0748348');
    expect(rule.confidence.toFixed(7)).toBe('0.3867578');
    expect(rule.lift.toFixed(7)).toBe('1.5136341');
    expect(rule.leverage.toFixed(7)).toBe('0.0253943');
    expect(rule.conviction.toFixed(7)).toBe('1.2140129');
    expect(rule.chiSquare.toFixed(3)).toBe('213.649');
    expect(rule).toMatchObject({ count: 736, convictionInfinite: false });
  });
});

const retail = reference('online_retail.csv.gz');
describe.skipIf(!existsSync(retail))('Online Retail, known customers, bought and paid (needs ../shared/data)', () => {
  let read: NamedOrderLines;
  beforeAll(async () => {
    const names = { '--customer': 'CustomerID', '--item': 'StockCode', '--order': 'InvoiceNo' };
    read = await readOrderLines(retail, { names, date: 'InvoiceDate', quantity: 'Quantity', value: 'UnitPrice' });
  });

  test('3,581 rules at .005/.5', () => {
    expect(leftOutInWords(read.leftOut)).toBe('8945 returned, cancelled or given away, 135080 without CustomerID');
    const { order: basket, item } = read.lines;
    const found = mineBaskets(
      { lines: { basket, item }, items: [], leftOut: read.leftOut },
      { support: 0.005, confidence: 0.5 },
    );
    expect(found).toMatchObject({ baskets: 18_532, itemSets: 4_455, found: 3_581, complete: true });
  });

  test('recommendations hit what the month after a day brings, by settings chosen before that day', () => {
    const found = evaluateRecommendations(read.lines, Date.parse('2011-11-08') / 86_400_000);
    expect(found.chosenOn).toEqual({ new: 1_027, reorder: 1_105 });
    expect(found.new.customers).toBe(1_288);
    expect(found.new.popularity.toFixed(4)).toBe('0.2275');
    expect(found.new.recentPopularity.toFixed(4)).toBe('0.3587');
    expect(found.new.hitRate10).toBeGreaterThanOrEqual(0.53);
    expect(found.reorder.customers).toBe(1_395);
    expect(found.reorder.hitRate10).toBeGreaterThanOrEqual(0.865);
  });
});

test('kenal recommend evaluate tells both problems in the last line, and a person in a table', async () => {
  const lines = ['who\twhat\torder\twhen'];
  for (let order = 0; order < 400; order += 1) {
    const who = order % 40;
    const [day, kind] = [Math.floor(order / 5), who % 2];
    const when = new Date(Date.UTC(2026, 0, 1 + day, 9)).toISOString();
    for (const item of [0, 1 + ((order * 7) % 9), 1 + ((order * 3) % 8)])
      lines.push(`c${who}\ti${kind}-${item}\to${order}\t${when}`);
  }
  const file = write('shop.tsv', `${lines.join('\n')}\n`);
  const columns = ['--customer', 'who', '--item', 'what', '--order', 'order', '--date', 'when'];
  const found = await asked('recommend', 'evaluate', file, ...columns, '--train-until', '2026-03-01');
  expect(found.reorder).toMatchObject({ customers: 40, hitRate10: 1 });
  for (const problem of ['new', 'reorder'])
    expect(Object.keys(found[problem])).toEqual(['customers', 'hitRate10', 'ndcg10', 'popularity', 'recentPopularity']);
  expect(found.seconds).toBeGreaterThan(0);
  expect(Object.keys(found).at(-1)).toBe('leftOut');
  const told = await kenalHere(folder, ['recommend', 'evaluate', file, ...columns, '--train-until', '2026-03-01']);
  expect(told.stdout).toMatch(/^reorder +40 +1\.0000 /m);
});

const LONG =
  'order;what;pieces\n1;"milk, fresh";1\n1; bread ;2\n2;bread;1\n2;milk, fresh;1\n2;bread;1\n3;jam;1\n3;bread;-1\n4;;1\n';
const WIDE = 'milk fresh,bread \nbread,milk fresh, bread\n\njam\n';
const SHARES = ['--support', '0.5', '--confidence', '60%'];

test('a file of lines and one of baskets say the same, packed or not', async () => {
  const columns = ['--basket', 'order', '--item', 'what'];
  const long = await asked(
    'rules',
    'mine',
    write('long.csv.gz', gzipSync(LONG)),
    ...columns,
    ...SHARES,
    '--quantity',
    'pieces',
  );
  const wide = await asked('rules', 'mine', write('wide.csv', WIDE), '--wide', ...SHARES);
  const told = { baskets: 3, items: 3, itemSets: 3, leastBaskets: 2, found: 4, giants: 0, complete: true };
  expect(long).toMatchObject(told);
  expect(long.leftOut).toEqual({ 'returned, cancelled or given away': 1, 'without what': 1 });
  expect(wide).toMatchObject(told);
  expect(Object.keys(long)).toEqual(expect.arrayContaining(['baskets', 'itemSets', 'rules', 'seconds']));
  expect(wide.rules.map(({ left, right }: { left: string[]; right: string }) => [left, right])).toEqual([
    [['milk fresh'], 'bread'],
    [['bread'], 'milk fresh'],
    [[], 'bread'],
    [[], 'milk fresh'],
  ]);
});

test('what is left out by a cap is said, and a person gets a table', async () => {
  const wide = write('wide.csv', WIDE);
  const capped = await kenalHere(folder, [
    'rules',
    'mine',
    wide,
    '--wide',
    '--support',
    '0.1',
    '--confidence',
    '0',
    '--most-items',
    '1',
  ]);
  expect(capped.stdout).toContain('1 baskets, 1 sets in 1 of them or more, 1 rules (');
  const sentence = 'more than 1 different items; a higher --most-items takes them in';
  expect(capped.stderr).toBe(`! left out: 2 baskets with ${sentence}\n`);
  const giant = write('giant.csv', `${WIDE}${Array.from({ length: 1_201 }, (_, i) => `i${i}`).join(',')}\n`);
  const cut = await kenalHere(folder, ['rules', 'mine', giant, '--wide', ...SHARES, '--json']);
  expect(cut.stderr).toContain('! left out: 1 baskets with more than 1200 different items');
  expect(JSON.parse(cut.stdout)).toMatchObject({
    ...{ baskets: 3, giants: 1, complete: false },
    leftOut: { 'baskets with more than 1200 different items': 1 },
  });
  const rows = await kenalHere(folder, ['rules', 'mine', wide, '--wide', ...SHARES, '--most-rules', '2']);
  expect(rows.stdout).toMatch(/^milk fresh +⇒ +bread +2 +0\.6667 +1\.000 +1\.50/m);
  expect(rows.stderr).toContain('! not all: there are too many');
  const json = await asked('rules', 'mine', wide, '--wide', ...SHARES, '--most-rules', '2');
  expect([json.found, json.rules.length, json.complete]).toEqual([4, 2, false]);
});

test('a line of baskets that cannot be read is told, and the others count', async () => {
  const torn = write('torn.csv', 'jam,5" pot\r\n,,\r\njam,5" pot\r\n"tea,jam\r\n');
  const { code, stdout, stderr } = await kenalHere(folder, ['rules', 'mine', torn, '--wide', ...SHARES]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^jam +⇒ +5" pot +2 +1\.0000/m);
  expect(stdout).toContain('2 baskets, 3 sets');
  expect(stderr).toBe(
    'of 4 rows were left out: 1 unreadable, 1 without an item\n! 1 row cannot be read and is left out; the first: line 4: a quote is opened in this line and never closed\n',
  );
});

test.each([
  ['no columns', ['rules', 'mine', 'long.csv', ...SHARES], /--basket COLUMN --item COLUMN \(or --wide/],
  [
    'a column that is not there',
    ['rules', 'mine', 'long.csv', '--basket', 'order', '--item', 'thing', ...SHARES],
    /--item names the column thing.*it has order, what/,
  ],
  [
    'columns of a wide file',
    ['rules', 'mine', 'long.csv', '--wide', '--item', 'what', ...SHARES],
    /--wide is for a file without columns/,
  ],
  [
    'a share that is none',
    ['rules', 'mine', 'long.csv', '--wide', '--support', '2', '--confidence', '1'],
    /--support must be a share/,
  ],
  [
    'a file of nothing',
    ['rules', 'mine', 'head.csv', '--basket', 'order', '--item', 'what', ...SHARES],
    /head\.csv has no basket in 1 rows: 1 without what/,
  ],
  ['a file that is not there', ['rules', 'mine', 'none.csv', '--wide', ...SHARES], /there is no file .*none\.csv/],
  [
    'nothing afterwards',
    [
      'recommend',
      'evaluate',
      'orders.csv',
      '--customer',
      'c',
      '--item',
      'i',
      '--order',
      'o',
      '--date',
      'd',
      '--train-until',
      '2026-03-01',
    ],
    /nothing can be compared: .*orders\.csv ends on 2026-02-13; --train-until must be before it/,
  ],
])('%s is told in a sentence, and the exit code is 2', async (_name, args, sentence) => {
  write('long.csv', LONG);
  write('head.csv', 'order,what\n1,\n');
  write('orders.csv', 'c,i,o,d\na,x,1,2026-01-13\na,y,2,2026-02-13\n');
  const [command, verb, name, ...rest] = args;
  const { code, stderr } = await kenalHere(folder, [command!, verb!, join(folder, name!), ...rest]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
});
