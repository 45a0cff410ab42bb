import { AUTOMATIC, probabilityOf } from './bands.ts';

/** Bits between two thresholds that are tried. */
const STEP = 0.25;
/** Beyond 99.9 % nothing is won. */
const HIGHEST = 10;
/** Share of the expected error that may be added to it for precision: a wrong merge costs more than a missed one. */
const GIVEN_AWAY = 0.2;
const GIVEN_AWAY_AT_MOST = 0.004;
/** Share of the expected matches that may lie below the automatic band, and be left to a person; set on own generated files. */
const LEFT_TO_PEOPLE = 0.04;
const AUTOMATIC_ODDS = Math.log2(AUTOMATIC / (1 - AUTOMATIC));

/**
 * The log2 odds from which on a pair links, chosen without labels. Where relatives prevail and hardly any match is
 * doubtful, the automatic band's: a wrong merge costs more than a missed one, and up to half of what is doubtful is
 * wrong. Elsewhere the highest at which the F1 that the model expects is still near its best; where every record is worn
 * that is even odds.
 * @param relativesPrevail whether pairs of a household are more than those of a person
 */
export function linkThreshold(scores: Float32Array, relativesPrevail: boolean): number {
  const steps = HIGHEST / STEP + 1;
  const [count, right] = [new Float64Array(steps), new Float64Array(steps)];
  let [matches, doubtful] = [0, 0];
  for (const score of scores) {
    const probability = probabilityOf(score);
    matches += probability;
    if (probability < AUTOMATIC) doubtful += probability;
    if (score < 0) continue;
    const step = Math.min(steps - 1, Math.floor(score / STEP));
    count[step]! += 1;
    right[step]! += probability;
  }
  const expected = new Float64Array(steps);
  let [found, correct] = [0, 0];
  for (let step = steps - 1; step >= 0; step -= 1) {
    found += count[step]!;
    correct += right[step]!;
    expected[step] = found + matches === 0 ? 1 : (2 * correct) / (found + matches);
  }
  if (relativesPrevail && doubtful <= LEFT_TO_PEOPLE * matches) return AUTOMATIC_ODDS;
  const best = expected.reduce((most, f1) => Math.max(most, f1), 0);
  return expected.findLastIndex((f1) => f1 >= best - Math.min(GIVEN_AWAY_AT_MOST, GIVEN_AWAY * (1 - best))) * STEP;
}
