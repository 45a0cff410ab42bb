import { expect, test } from 'vitest';
import { linkRecords } from '../link.ts';
import { boundModel } from '../model.ts';
import { candidateKeys, scorePair } from '../score.ts';
import { columnsOf, linked, somePeople } from '../test-support.ts';
import { createKeysOf, likelyPairs } from './pairs.ts';

const people = somePeople(7, 120);
/** The first person once more, from another system that says the very same. */
const records = [...people, people[0]!, people[0]!];
const linkage = linked(records);
const { model } = linkage;
const again = (under = model) => linkRecords(columnsOf(records), records.length, { seed: 9, model: under });

test('under the model that it taught, a table is weighed and clustered as when it was learnt', () => {
  const second = again();
  expect(second.model).toBe(model);
  expect([...second.clusters]).toEqual([...linkage.clusters]);
  expect([...second.scores]).toEqual([...linkage.scores]);
});

test('a table without a column of the model is weighed too', () => {
  const columns = columnsOf(records).map((column) =>
    column.name === 'phone' ? { ...column, codes: column.codes.map(() => -1) } : column,
  );
  expect(linkRecords(columns, records.length, { seed: 1, model }).clusters).toHaveLength(records.length);
});

test('the pairs are those from even odds on, each once, as the stored model scores them', () => {
  const pairs = [...likelyPairs(linkage)];
  expect(new Set(pairs.map(({ a, b }) => `${a}/${b}`)).size).toBe(pairs.length);
  expect(pairs.length).toBeGreaterThan(100);
  for (const { a, b, scored } of pairs) {
    expect(a).toBeLessThan(b);
    expect(scored.score).toBeGreaterThanOrEqual(0);
    const alone = scorePair(model, records[a]!, records[b]!);
    expect(scored.score).toBeCloseTo(alone.score, 4);
    expect(scored.band).toBe(alone.band);
  }
});

test('rows that say the same of two owners are a pair', () => {
  const copies = [0, records.length - 2, records.length - 1];
  const pairs = [...likelyPairs(linkage)].filter(({ a, b }) => copies.includes(a) && copies.includes(b));
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [0, copies[1]],
    [0, copies[2]],
    [copies[1], copies[2]],
  ]);
  expect(pairs[0]!.scored.band).toBe('automatic');
  expect(pairs[0]!.together).toBe(true);
});

test('a row has the keys that its record has alone', () => {
  const keysOf = createKeysOf(linkage);
  for (let row = 0; row < 40; row += 1) expect(keysOf(row)).toEqual(candidateKeys(model, records[row]!));
  expect(keysOf(records.length - 1)).toEqual(keysOf(0));
});

test('a model that is too large loses rates of the rarer values, under a name of its own', () => {
  const size = JSON.stringify(model).length;
  expect(boundModel(model, size)).toBe(model);
  const small = boundModel(model, size - 500);
  expect(JSON.stringify(small).length).toBeLessThanOrEqual(size - 500);
  expect(small.version).not.toBe(model.version);
  expect(boundModel(model, size - 500)).toEqual(small);
  const kept = small.rates.flatMap(({ common }) => common);
  expect(kept.length).toBeGreaterThan(0);
  for (const [i, { common }] of small.rates.entries())
    expect(common).toEqual(model.rates[i]!.common.slice(0, common.length));
  expect(again(small).model).toBe(small);
});
