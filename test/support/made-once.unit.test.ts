import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { madeOnce } from './made-once.ts';

const NAME = `test-${randomUUID()}`;
let home = '';
afterAll(() => rmSync(home, { recursive: true, force: true }));

const write = (text: string) => (folder: string) => writeFile(join(folder, 'text'), text);
const textOf = (folder: string): string => readFileSync(join(folder, 'text'), 'utf8');

test('of several who ask at once all read one, whole, and it is made anew when what it follows from changes', async () => {
  const all = await Promise.all(['a', 'b', 'c'].map((text) => madeOnce(NAME, ['1'], write(text))));
  home = dirname(all[0]!);
  expect(new Set(all).size).toBe(1);
  expect(readdirSync(home)).toHaveLength(1);
  const made = textOf(all[0]!);
  expect(textOf(await madeOnce(NAME, ['1'], write('never')))).toBe(made);
  expect(textOf(await madeOnce(NAME, ['2'], write('another')))).toBe('another');
  expect(
    new Set([await madeOnce(NAME, ['12', ''], write('x')), await madeOnce(NAME, ['1', '2'], write('y'))]).size,
  ).toBe(2);
});

test('what could not be made is not there, and is made by who asks next; what nobody made in a day goes', async () => {
  const half = async (folder: string): Promise<void> => {
    await writeFile(join(folder, 'text'), 'half');
    utimesSync(folder, 0, 0);
    throw new Error('interrupted');
  };
  await expect(madeOnce(NAME, ['3'], half)).rejects.toThrow('interrupted');
  const old = await madeOnce(NAME, ['3'], write('whole'));
  expect(textOf(old)).toBe('whole');
  utimesSync(old, 0, 0);
  await madeOnce(NAME, ['4'], write('new'));
  expect(existsSync(old)).toBe(false);
});
