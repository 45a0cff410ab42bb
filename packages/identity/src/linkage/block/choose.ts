import type { LinkageBlockingKey } from '@kenal/contracts';
import { type Atom, IMAGINED } from './atoms.ts';
import { groupByHash } from './group.ts';
import { combine } from './keys.ts';

export interface BlockingBudget {
  /** Pairs that all keys together may give. */
  readonly pairs: number;
  /** Records of a block that is still paired. */
  readonly block: number;
  readonly keys: number;
}

interface Option {
  readonly atoms: readonly Atom[];
  /** Pairs that it gives. */
  readonly cost: number;
  /** Which imagined pairs it finds. */
  readonly finds: Uint8Array;
}

/** Records by which blocks are measured. */
const MEASURED = 40_000;

/** @returns that every so many-th record is enough to choose by */
export function measuringStep(size: number): number {
  return Math.max(1, Math.ceil(size / MEASURED));
}

/**
 * Choose keys from the data: the one that finds most imagined pairs of one person per pair to be compared comes first,
 * until the budget is spent or nothing more is found.
 * @param step how many records each of those looked at stands for
 */
export function chooseKeys(
  atoms: readonly Atom[],
  step: number,
  budget: BlockingBudget,
): readonly LinkageBlockingKey[] {
  const options = optionsOf(atoms, step, budget);
  const found = new Uint8Array(IMAGINED);
  /** What finding each pair once more is worth. */
  const worths = new Float64Array(IMAGINED).fill(1);
  const chosen: Option[] = [];
  let spent = 0;
  while (chosen.length < budget.keys) {
    let [best, worth] = [-1, 0];
    for (const [index, option] of options.entries()) {
      if (chosen.includes(option) || spent + option.cost > budget.pairs) continue;
      const value = gain(option, worths) / (option.cost + budget.pairs / budget.keys);
      if (value > worth) [best, worth] = [index, value];
    }
    const option = options[best];
    if (option === undefined) break;
    chosen.push(option);
    spent += option.cost;
    for (let i = 0; i < IMAGINED; i += 1) {
      found[i]! += option.finds[i]!;
      worths[i] = (1 + found[i]!) ** -3;
    }
  }
  return chosen.map((option) => option.atoms.map(({ source, key, name }) => ({ source, key, name })));
}

function gain({ finds }: Option, worths: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < IMAGINED; i += 1) sum += finds[i]! * worths[i]!;
  return sum;
}

function optionsOf(atoms: readonly Atom[], step: number, budget: BlockingBudget): Option[] {
  const limits = { step, block: Math.max(2, budget.block / step), pairs: budget.pairs * 0.35 };
  const options: Option[] = [];
  atoms.forEach((atom, i) => {
    push(options, [atom], atom.hashes, limits);
    for (let j = i + 1; j < atoms.length; j += 1) {
      const other = atoms[j]!;
      // The parts of one value are compounds of their own, save for given and family name
      if (other.source === atom.source && !(atom.name === 'name.given' && other.name === 'name.family')) continue;
      push(options, [atom, other], combine(atom.hashes, other.hashes), limits);
    }
  });
  return options;
}

interface Limits {
  readonly step: number;
  readonly block: number;
  readonly pairs: number;
}

function push(options: Option[], atoms: readonly Atom[], hashes: Int32Array, { step, block, pairs }: Limits): void {
  const { members, from, to } = groupByHash(hashes);
  let [cost, lost] = [0, 0];
  for (let begin = 0; begin < members.length; begin = to[members[begin]!]!) {
    const count = to[members[begin]!]! - from[members[begin]!]!;
    if (count > block) lost += count;
    else cost += (count * (count - 1)) / 2;
  }
  cost *= step * step;
  if (cost === 0 && step === 1) return;
  if (cost > pairs || lost > 0.9 * members.length) return;
  const kept = 1 - lost / Math.max(1, members.length);
  const finds = atoms[0]!.agrees.map((agrees, i) =>
    agrees !== 0 && (atoms[1]?.agrees[i] ?? 1) !== 0 && (i * 0.618034) % 1 < kept ? 1 : 0,
  );
  options.push({ atoms, cost, finds });
}
