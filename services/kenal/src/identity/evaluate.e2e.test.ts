import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kenal, temporaryDirectory } from '../testing/cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'kenal-people-'));
const GIVEN = ['anna', 'boris', 'carla', 'deniz', 'elif', 'farid', 'greta', 'hugo', 'irena', 'jonas'];
const STARTS = ['wolken', 'brand', 'mersch', 'tolpu', 'quist'];
const ENDS = ['heim', 'atov', 'usina', 'orpe', 'igliano', 'ecker', 'yama', 'bysen'];

/** Forty people with two records each, the second with a slip in the name and without an e-mail. */
function table(): string {
  const lines = ['id,given,family,born,mail,town,who'];
  for (let i = 0; i < 40; i += 1) {
    const [given, family] = [GIVEN[(i * 3) % 10]!, `${STARTS[i % 5]}${ENDS[Math.floor(i / 5)]}`];
    const born = `${1940 + ((i * 23) % 57)}-0${1 + (i % 9)}-${10 + ((i * 7) % 18)}`;
    lines.push(`r${i}a,${given},${family},${born},${given}.${family}@example.org,bonn,p${i}`);
    lines.push(`r${i}b,${given},${family.slice(0, 3)}${family.slice(4)},${born},,"bonn, rhine",p${i}`);
  }
  return `${lines.join('\n')}\n`;
}

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const file = write('people.csv', table());
const TRAITS = 'traits: {given_name: given, family_name: family, birth_date: born, city: town}';
const map = write('map.yaml', `id: id\ntruth: who\nidentifiers: {email: mail}\n${TRAITS}\n`);
const evaluate = (...args: string[]) => kenal(temporaryDirectory(), ['identity', 'evaluate', ...args]);

test('the last line is JSON with the figures, and the clusters go into a file', async () => {
  const out = join(dir, 'clusters.csv');
  const { code, stdout, stderr } = await evaluate(file, '--map', map, '--clusters', out, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const figures = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(Object.keys(figures).sort()).toEqual(
    ['b3', 'clusters', 'f1', 'largest', 'precision', 'recall', 'records', 'seconds', 'truePairs'].sort(),
  );
  expect(figures).toMatchObject({
    records: 80,
    truePairs: 40,
    precision: 1,
    recall: 1,
    f1: 1,
    clusters: 40,
    largest: 2,
  });
  expect(figures.b3).toEqual({ precision: 1, recall: 1, f1: 1 });
  const [head, ...lines] = readFileSync(out, 'utf8').trim().split('\n');
  expect(head).toBe('id,cluster');
  expect(lines.slice(0, 4)).toEqual(['r0a,1', 'r0b,1', 'r1a,2', 'r1b,2']);
});

test('without truth the people are counted, and nothing is claimed of them', async () => {
  const blind = write('blind.yaml', `id: id\nidentifiers: {email: mail}\n${TRAITS}\nother: [who]\n`);
  const { stdout } = await evaluate(file, '--map', blind, '--json');
  const figures = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(Object.keys(figures).sort()).toEqual(['clusters', 'largest', 'records', 'seconds']);
});

test('where the mapping names nothing to compare, that is said', async () => {
  const { code, stderr } = await evaluate(file, '--map', write('only-id.yaml', 'id: id\n'), '--json');
  expect([code, stderr]).toEqual([0, expect.stringMatching(/names no identifiers, traits .* so nothing was compared/)]);
});

test.each([
  [
    'a column that is not there',
    'people.csv',
    'id: id\ntraits: {given_name: forename}\n',
    /traits\.given_name names the column forename.*it has id, given/,
  ],
  ['an unknown key', 'people.csv', 'id: id\ntrait: {given_name: given}\n', /trait.*traits/s],
  ['no id', 'people.csv', 'traits: {given_name: given}\n', /id/],
  ['an empty file', 'empty.csv', 'id: id\n', /empty/],
  ['a file without records', 'head.csv', 'id: id\n', /has no records/],
  ['a file that is no text', 'binary.csv', 'id: id\n', /binary\.csv is no text file: it has NUL bytes/],
  ['an id that stands twice', 'double.csv', 'id: id\n', /the id 7 stands in line 2 and in line 4/],
])('%s is told in a sentence, and the exit code is 2', async (_, name, mapping, sentence) => {
  write('empty.csv', '');
  write('binary.csv', 'id,\u007fELF\0\0\n');
  write('head.csv', 'id,given\n');
  write('double.csv', 'id,given\n7,a\n8,b\n7,c\n');
  const { code, stdout, stderr } = await evaluate(join(dir, name), '--map', write('wrong.yaml', mapping), '--json');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'bad_usage', message: expect.stringMatching(sentence) } });
});
