import type { LinkageModel } from '@kenal/contracts';
import { arrange } from './arrange.ts';
import { atomsOf } from './block/atoms.ts';
import { type BlockingBudget, chooseKeys, measuringStep } from './block/choose.ts';
import { allPairs, type Candidates, candidatePairs } from './block/pairs.ts';
import { agglomerate, BARRED, CAP } from './cluster/agglomerate.ts';
import { gather } from './cluster/gather.ts';
import type { Feature, PairRange } from './compare/features.ts';
import { AGREEMENTS } from './decide/guard.ts';
import { createKinships } from './decide/households.ts';
import { linkThreshold } from './decide/threshold.ts';
import type { EncodedSource } from './encode.ts';
import { estimate, type Parameters } from './estimate/parameters.ts';
import { countPatterns } from './estimate/patterns.ts';
import { randomPairs } from './estimate/random-pairs.ts';
import { countersOf, ratesOf } from './estimate/rates.ts';
import { planSources } from './fields/plan.ts';
import { evidenceOf, type Frame, parametersOf, ratesOfModel, weigh } from './frame.ts';
import type { Helper } from './helper.ts';
import { float32, uint8 } from './memory.ts';
import { modelOf } from './model.ts';
import type { Column } from './table.ts';
import { createTeam } from './team.ts';

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
/** Who is who in a table, without labels: parse, find candidates, compare, estimate, score, cluster. */
export function linkRecords(columns: readonly Column[], size: number, options: LinkOptions): Linkage {
  const { seed, model: known, onStep, helper } = options;
  const step = onStep ?? (() => undefined);
  step('reading values');
  const { rows, recordOf } = arrange(columns, size);
  const plans = known?.sources ?? planSources(columns);
  const team = createTeam(plans, columns, rows, helper);
  const { sources, features } = team;
  step('choosing candidates');
  const { candidates, blocking } = findCandidates(sources, rows.length, seed, known?.blocking);
  step('comparing');
  const pairs = rangeOf(candidates, features);
  const random = known ? [] : [rangeOf(randomPairs(rows.length, RANDOM_PAIRS, seed), features)];
  team.compare([pairs, ...random]);
  step('estimating');
  const parameters = known
    ? parametersOf(known)
    : learn(features, candidates, pairs.levels, random[0]!.levels, rows.length);
  step('clustering');
  let people = Int32Array.from(rows, (_, record) => record);
  const scores = float32(candidates.size);
  const counters = countersOf(features, sources);
  for (let round = 1; ; round += 1) {
    // How common a value is can only be told of people: at first each has as many as records of them
    const rates = known ? ratesOfModel(known) : round === 1 ? [] : ratesOf(counters, people);
    const frame = team.score(pairs, parameters, rates, scores);
    people = cluster(frame, candidates, pairs.levels, scores, rows.length);
    if (round < ROUNDS && !known) continue;
    gatherWorn(people, frame, candidates, scores);
    const learnt = { plans, features, parameters, rates, blocking };
    const model = known ?? modelOf({ seed, ...learnt, candidates, scores, records: rows.length });
    return { clusters: clustersOfRows(people, recordOf, frame), model, rows, recordOf, frame, candidates, scores };
  }
}

/** All of some pairs, with room for what is found of them. */
function rangeOf({ a, b }: Pick<Candidates, 'a' | 'b'>, features: readonly Feature[]): PairRange {
  return { a, b, from: 0, to: a.length, levels: features.map(() => uint8(a.length)) };
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
  features: readonly Feature[],
  { size, blockedBy }: Candidates,
  levels: readonly Uint8Array[],
  ofRandom: readonly Uint8Array[],
  records: number,
): Parameters {
  return estimate({
    ...{ features, records, pairs: Math.max(1, (records * (records - 1)) / 2) },
    candidates: countPatterns(levels, blockedBy, Math.max(1, Math.ceil(size / ESTIMATED_ON))),
    random: countPatterns(ofRandom, new Int32Array(ofRandom[0]?.length ?? 0), 1),
    kinshipsOf: createKinships(features),
  });
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
      threshold: linkThreshold(scores, relativesPrevail(weights)),
      shift: 0.5 * weights.prior,
      mayLink: (pair) => !hasHouseholds || guard.agreement((f) => levels[f]![pair]!) === AGREEMENTS.sure,
      score: (x, y) => {
        const { score, veto, isBarred } = weigh(frame, x, y);
        if (!hasHouseholds) return score;
        return isBarred ? BARRED : veto === null ? score : -CAP;
      },
    },
  );
}

/** Only where most have more than two records, who do not share a home: elsewhere there is nothing to gather. */
function gatherWorn(people: Int32Array, frame: Frame, candidates: Candidates, scores: Float32Array): void {
  const { weights, hasHouseholds } = frame;
  if (hasHouseholds || weights.prior + Math.log2(people.length) <= 0) return;
  const threshold = linkThreshold(scores, relativesPrevail(weights));
  gather(people, { ...candidates, scores }, { threshold, evidence: evidenceOf(frame) });
}

function relativesPrevail({ household, prior }: Frame['weights']): boolean {
  return household > prior;
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
