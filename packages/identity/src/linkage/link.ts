import type { LinkageModel } from '@kenal/contracts';
import { arrange } from './arrange.ts';
import { atomsOf } from './block/atoms.ts';
import { type BlockingBudget, chooseKeys, measuringStep } from './block/choose.ts';
import { allPairs, type Candidates, candidatePairs } from './block/pairs.ts';
import { agglomerate, CAP } from './cluster/agglomerate.ts';
import { compareAll, compareInto, featuresOf, type PairRange } from './compare/features.ts';
import { AGREEMENTS } from './decide/guard.ts';
import { createKinships } from './decide/households.ts';
import { linkThreshold } from './decide/threshold.ts';
import { type EncodedSource, encode } from './encode.ts';
import { estimate, type Parameters } from './estimate/parameters.ts';
import { countPatterns } from './estimate/patterns.ts';
import { randomPairs } from './estimate/random-pairs.ts';
import { countersOf, ratesOf } from './estimate/rates.ts';
import { planSources } from './fields/plan.ts';
import { createFrame, type Frame, parametersOf, ratesOfModel, scoreInto, weigh } from './frame.ts';
import type { Helper, HelperTask } from './helper.ts';
import { float32, uint8 } from './memory.ts';
import { modelOf } from './model.ts';
import type { Column } from './table.ts';

export interface LinkOptions {
  readonly seed: number;
  /** Weigh under this one instead of learning; `seed` is not looked at then. */
  readonly model?: LinkageModel | undefined;
  /** Told the name of each step as it begins. */
  readonly onStep?: (step: string) => void;
  readonly helper?: Helper | undefined;
}

export interface Linkage {
  /** Cluster by row of the table, named by its first record. */
  readonly clusters: Int32Array;
  readonly model: LinkageModel;
  /** Row that stands for each record: equal rows are one record. */
  readonly rows: Int32Array;
  /** Record by row. */
  readonly recordOf: Int32Array;
  readonly frame: Frame;
  readonly candidates: Candidates;
  /** Log2 odds by candidate pair. */
  readonly scores: Float32Array;
}

/** Tables of so few records have every pair compared. */
const ALL_PAIRS = 1_600;
const RANDOM_PAIRS = 120_000;
/** Candidates that estimation looks at. */
const ESTIMATED_ON = 600_000;
/** Frequencies are counted over records first, then over the people that were found. */
const ROUNDS = 2;
/** Pairs from which on half of them are handed over. */
const WORTH_SHARING = 20_000;

/** Who is who in a table, without labels: parse, find candidates, compare, estimate, score, cluster. */
export function linkRecords(columns: readonly Column[], size: number, options: LinkOptions): Linkage {
  const { seed, model: known, onStep, helper } = options;
  const step = onStep ?? (() => undefined);
  step('reading values');
  const { rows, recordOf } = arrange(columns, size);
  const plans = known?.sources ?? planSources(columns);
  helper?.begin({ task: 'encode', plans, columns, rows });
  const sources = encode(plans, columns, rows);
  const features = featuresOf(sources);
  step('choosing candidates');
  const { candidates, blocking } = findCandidates(sources, rows.length, seed, known?.blocking);
  step('comparing');
  const levels = features.map(() => uint8(candidates.size));
  const pairs = { a: candidates.a, b: candidates.b, from: 0, to: candidates.size, levels };
  shared(
    pairs,
    helper,
    (range) => ({ task: 'compare', range }),
    (range) => compareInto(features, sources, range),
  );
  step('estimating');
  const parameters = known ? parametersOf(known) : learn(sources, candidates, levels, rows.length, seed);
  step('clustering');
  let people = Int32Array.from(rows, (_, record) => record);
  const scores = float32(candidates.size);
  const counters = countersOf(features, sources);
  for (let round = 1; ; round += 1) {
    // How common a value is can only be told of people: at first each has as many as records of them
    const rates = known ? ratesOfModel(known) : round === 1 ? [] : ratesOf(counters, people);
    const frame = createFrame(sources, parameters, rates);
    shared(
      pairs,
      helper,
      (range) => ({ task: 'score', range, parameters, rates, scores }),
      (range) => scoreInto(frame, range, scores),
    );
    people = cluster(frame, candidates, levels, scores, rows.length);
    if (round < ROUNDS && !known) continue;
    const learnt = { plans, features, parameters, rates, blocking };
    const model = known ?? modelOf({ seed, ...learnt, candidates, scores, records: rows.length });
    return { clusters: clustersOfRows(people, recordOf, frame), model, rows, recordOf, frame, candidates, scores };
  }
}

function findCandidates(
  sources: readonly EncodedSource[],
  records: number,
  seed: number,
  known: LinkageModel['blocking'] | undefined,
) {
  const budget = budgetOf(records);
  const step = measuringStep(records);
  const blocking = known ?? chooseKeys(atomsOf(sources, seed, step), step, budget);
  const candidates =
    records <= ALL_PAIRS ? allPairs(records) : candidatePairs(blocking, sources, records, budget.block);
  return { candidates, blocking };
}

function budgetOf(records: number): BlockingBudget {
  return {
    pairs: Math.min(8_000_000, Math.max(1_500_000, 30 * records)),
    block: records <= 20_000 ? 200 : records <= 200_000 ? 120 : 60,
    keys: records <= ALL_PAIRS ? 24 : records <= 20_000 ? 150 : records <= 200_000 ? 40 : 14,
  };
}

function learn(
  sources: readonly EncodedSource[],
  { size, blockedBy }: Candidates,
  levels: readonly Uint8Array[],
  records: number,
  seed: number,
): Parameters {
  const features = featuresOf(sources);
  const random = randomPairs(records, RANDOM_PAIRS, seed);
  const ofRandom = compareAll(features, sources, random.a, random.b);
  return estimate({
    ...{ features, records, pairs: Math.max(1, (records * (records - 1)) / 2) },
    candidates: countPatterns(levels, blockedBy, Math.max(1, Math.ceil(size / ESTIMATED_ON))),
    random: countPatterns(ofRandom, new Int32Array(random.a.length), 1),
    kinshipsOf: createKinships(features),
  });
}

/** Let the helper, where there is one, do half of the pairs. */
function shared(
  all: PairRange,
  helper: Helper | undefined,
  theirs: (range: PairRange) => HelperTask,
  ours: (range: PairRange) => void,
): void {
  if (helper === undefined || all.to < WORTH_SHARING) {
    ours(all);
    return;
  }
  const middle = Math.ceil(all.to / 2);
  const wait = helper.begin(theirs({ ...all, from: middle }));
  ours({ ...all, to: middle });
  wait();
}

function cluster(
  frame: Frame,
  candidates: Candidates,
  levels: readonly Uint8Array[],
  scores: Float32Array,
  records: number,
): Int32Array<ArrayBuffer> {
  const { guard, weights, hasHouseholds } = frame;
  return agglomerate(
    records,
    { ...candidates, scores },
    {
      threshold: linkThreshold(scores),
      shift: 0.5 * weights.prior,
      mayLink: (pair) => !hasHouseholds || guard.agreement((f) => levels[f]![pair]!) === AGREEMENTS.sure,
      score: (x, y) => {
        const { score, veto } = weigh(frame, x, y);
        return veto === null || !hasHouseholds ? score : -CAP;
      },
    },
  );
}

/** Equal rows are one person where what they say is enough to tell that of any two records. */
function clustersOfRows(people: Int32Array, recordOf: Int32Array, frame: Frame): Int32Array {
  const copies = new Uint32Array(people.length);
  for (const record of recordOf) copies[record]! += 1;
  const isOne = copies.map((count, record) => {
    if (count === 1) return 1;
    const { score, agreement } = weigh(frame, record, record);
    return score >= 0 && agreement !== AGREEMENTS.thin ? 1 : 0;
  });
  const seen = new Uint8Array(people.length);
  return recordOf.map((record, row) => {
    const isFirst = seen[record] === 0;
    seen[record] = 1;
    return isOne[record] === 1 || isFirst ? people[record]! : people.length + row;
  });
}
