import { COLUMN_KINDS, createColumn, linkRecords } from '@kenal/identity/linkage';
import { plain, report } from './measure.ts';

/**
 * Records of customers linked from end to end, without reading a file: `node test/bench/linkage.bench.ts [records]`.
 * Six records in seven are a person's only one; the seventh repeats the one before it with a slip or two.
 */
const records = Number(process.argv[2] ?? 100_000);

let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x7fffffff;
};
const SYLLABLES = 'ba ker lin mo sen tar vel dor rug nis pol han wek sil tov gra mun fel zan rid'.split(' ');
const word = (parts: number): string =>
  Array.from({ length: parts }, () => SYLLABLES[Math.floor(random() ** 2 * SYLLABLES.length)]).join('');
const digits = (length: number): string => String(Math.floor(random() * 10 ** length)).padStart(length, '0');

const NAMES = ['given_name', 'family_name', 'birth_date', 'email', 'phone', 'street', 'city', 'postcode'];
const columns = NAMES.map((name) => createColumn(name, COLUMN_KINDS.trait));
let person: string[] = [];
for (let record = 0; record < records; record += 1) {
  if (record % 7 !== 6) {
    const [given, family] = [word(2), word(3)];
    const born = `${1930 + Math.floor(random() * 80)}-0${1 + Math.floor(random() * 9)}-${10 + Math.floor(random() * 18)}`;
    const email = `${given}.${family}${digits(3)}@example.org`;
    person = [given, family, born, email, `07${digits(9)}`, `${digits(2)} ${word(3)} street`, word(3), digits(5)];
  } else {
    const at = Math.floor(random() * person.length);
    person = person.map((cell, i) => (i === at ? cell.slice(1) : random() < 0.1 ? '' : cell));
  }
  for (const [i, column] of columns.entries()) column.add(person[i]!);
}

const began = performance.now();
let comparing = 0;
const { candidates } = linkRecords(
  columns.map((column) => column.build()),
  records,
  {
    seed: 1,
    onStep: (step) => {
      if (step === 'comparing') comparing -= performance.now();
      if (step === 'estimating') comparing += performance.now();
    },
  },
);
const seconds = (performance.now() - began) / 1_000;
const memory = Math.round(process.memoryUsage.rss() / 1_048_576);
const pairs = (candidates.size / comparing) * 1_000;
report({
  measure: 'linkage: end to end',
  value: seconds,
  unit: 's',
  detail: `${plain(records)} records, ${memory} MiB`,
});
report({
  measure: 'linkage: pairs compared',
  value: pairs,
  unit: 'pairs/s',
  detail: `${plain(candidates.size)} pairs, one thread`,
});
