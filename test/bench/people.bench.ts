import { cellsOf, csvLine, generateRecords, PROFILES } from 'kenal';
import { plain, report } from './measure.ts';

/** How fast person records are made, and in how much memory: `node test/bench/people.bench.ts [records]`. */
const records = Number(process.argv[2] ?? 1_000_000);
const profile = PROFILES.typical;
const began = performance.now();
let made = 0;
let characters = 0;
const peaks: number[] = [];
for (const record of generateRecords({ seed: 1, records, profile, errors: 1 })) {
  made += 1;
  characters += csvLine(cellsOf(record, made, profile.columns)).length;
  if (made % Math.ceil(records / 4) === 0 || made === records) peaks.push(process.memoryUsage().rss / 2 ** 20);
}
const seconds = (performance.now() - began) / 1_000;
report({
  measure: `people: ${plain(records)} records`,
  value: seconds,
  unit: 's',
  detail: `${plain(made / seconds)}/s, ${plain(characters / made)} characters each, resident MB at each quarter ${peaks.map(plain).join(', ')}`,
  must: { most: (records / 1_000_000) * 60 },
});
report({
  measure: 'people: resident memory at its highest',
  value: process.resourceUsage().maxRSS / 1_024,
  unit: 'MB',
});
