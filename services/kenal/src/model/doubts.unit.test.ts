import { linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kenalHere, temporaryDirectory } from '../testing/cli.ts';

const folder = temporaryDirectory();

function write(name: string, rows: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `who,when,price\n${rows.join('\n')}\n`);
  return path;
}

test('a day far after all purchases, a stray date and an amount above all others are doubted; figures stay', async () => {
  const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
  const rows = Array.from({ length: 120 }, (_, n) => `c${n % 30},${day(n)},${n === 7 ? '1000000' : '9'}`);
  const columns = ['--customer', 'who', '--date', 'when', '--value', 'price', '--model', 'mbg-nbd', '--json'];
  const fit = async (lines: readonly string[], ...more: string[]) => {
    const file = write('doubts.csv', lines);
    const { stdout, stderr } = await kenalHere(folder, ['model', 'fit', file, ...columns, ...more]);
    const { warnings, ...found } = JSON.parse(stdout);
    for (const warning of warnings) expect(stderr).toContain(`! ${warning}\n`);
    return { warnings, found };
  };
  const amount = expect.stringMatching(
    /^an amount of 1000000 on one day is far from all others \(half of them are at most 9\)$/,
  );
  const late = await fit(rows, '--until', '2031-01-01');
  expect(late.warnings).toEqual([
    expect.stringMatching(/^--until 2031-01-01 is 1707 days after the last purchase \(2026-04-30\)/),
    amount,
  ]);
  expect(late.found.sumT).toBeGreaterThan(30 * 240);
  expect((await fit([...rows, 'c1,2099-01-01,9'])).warnings).toEqual([
    expect.stringMatching(/^one purchase is dated 2099-01-01 or later, \d+ days after all others \(2026-04-30\)/),
    amount,
  ]);
  expect((await fit(rows, '--until', '2026-05-30')).warnings).toEqual([amount]);
});

test.each(['predict', 'report'])(
  'model %s does not write over the file that it reads, by whatever name',
  async (verb) => {
    const shop = write(`own-${verb}.csv`, ['ann,2026-01-02,10', 'ann,2026-01-09,9']);
    const [link, hard] = ['link', 'hard'].map((name) => join(folder, `${name}-${verb}.csv`)) as [string, string];
    symlinkSync(shop, link);
    linkSync(shop, hard);
    for (const out of [shop, link, hard]) {
      const columns = ['--customer', 'who', '--date', 'when', '--out', out];
      const { code, stderr } = await kenalHere(folder, ['model', verb, shop, ...columns]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/--out .* is .*, which is read/)]);
    }
    expect(readFileSync(shop, 'utf8')).toMatch(/^who,when,price\nann/);
  },
);
