import { expect, test } from 'vitest';
import { type Evidence, gather } from './gather.ts';

/** What records say in three fields; the same is worth 8 bits, another −4, and any two are one person by 2⁻¹². */
type Row = readonly (string | null)[];

function evidenceOf(rows: readonly Row[]): Evidence {
  const values = [...new Set(rows.flat())];
  return {
    prior: -12,
    fields: 3,
    weigh(a, b, bits) {
      for (let f = 0; f < 3; f += 1) {
        const [x, y] = [rows[a]![f], rows[b]![f]];
        bits[f] = x === null || y === null ? Number.NaN : x === y ? 8 : -4;
      }
    },
    cellOf: (field, record) => (rows[record]![field] === null ? -1 : values.indexOf(rows[record]![field]!)),
  };
}

/** @param people cluster by record, before. @returns the same after */
function gathered(rows: readonly Row[], people: readonly number[]): number[] {
  const evidence = evidenceOf(rows);
  const pairs = rows.flatMap((_, a) => rows.slice(a + 1).map((_, i) => [a, a + 1 + i] as const));
  const bits = new Float64Array(3);
  const scores = pairs.map(([a, b]) => {
    evidence.weigh(a, b, bits);
    return bits.reduce((sum, each) => sum + (Number.isNaN(each) ? 0 : each), evidence.prior);
  });
  const root = Int32Array.from(people);
  const [a, b] = [0, 1].map((at) => Int32Array.from(pairs, (pair) => pair[at]!)) as [Int32Array, Int32Array];
  gather(root, { a, b, scores: Float32Array.from(scores) }, { threshold: 1, evidence });
  return [...root];
}

const BOTH: readonly Row[] = [
  ['ann', '1971', null],
  ['ann', null, 'a@x'],
];

test('who shares one thing with each of two records of a person is that person', () => {
  expect(gathered([...BOTH, [null, '1971', 'a@x']], [0, 0, 2])).toEqual([0, 0, 0]);
  // The first record names the cluster, wherever the part stands
  expect(gathered([[null, '1971', 'a@x'], ...BOTH], [0, 1, 1])).toEqual([0, 0, 0]);
});

test('one thing alone is not enough, and two records are nobody’s crowd', () => {
  expect(gathered([...BOTH, [null, '1971', null]], [0, 0, 2])).toEqual([0, 0, 2]);
  expect(
    gathered(
      [
        ['ann', '1971', null],
        ['ann', '1971', 'b@x'],
      ],
      [0, 1],
    ),
  ).toEqual([0, 1]);
});

test('who could be either of two people is neither', () => {
  const others: readonly Row[] = [
    ['bob', '1971', null],
    ['bob', null, 'a@x'],
  ];
  expect(gathered([...BOTH, ...others, [null, '1971', 'a@x']], [0, 0, 2, 2, 4])).toEqual([0, 0, 2, 2, 4]);
});

test('many values of one person agree with somebody by chance: that counts for less', () => {
  const many: Row[] = Array.from({ length: 6 }, (_, i) => ['ann', `197${i}`, `${i}@x`]);
  expect(gathered([...many, [null, '1971', '1@x']], [0, 0, 0, 0, 0, 0, 6])[6]).toBe(6);
});
