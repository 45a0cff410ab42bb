import { createVotes } from './alike.ts';
import { demandOf, popularityOf } from './demand.ts';
import type { BuyingHistory } from './history.ts';
import type { NewSettings, ReorderSettings } from './settings.ts';

/** Says of each item how much a customer is to be offered it: higher is better. Overwrites `scores`. */
export type Scorer = (customer: number, scores: Float64Array) => void;

const DEMAND_DAYS = 14;
/** What an item has where nobody alike bought it: a little of what everybody buys. */
const FLOOR = 1e-4;
const ARRIVAL_DAYS = 10;
/** An item that the customer never ordered counts as so many orders of it. */
const NEVER = 0.1;

/** Share of the votes of customers alike (and a little of everybody's demand), without regard to novelty. */
export function createShares(history: BuyingHistory, settings: NewSettings): Scorer {
  if (settings.popularDays > 0) {
    const popular = popularityOf(history, settings.popularDays);
    return (_customer, scores) => scores.set(popular);
  }
  const vote = createVotes(history, settings);
  const demand = demandOf(history, DEMAND_DAYS);
  const all = demand.reduce((sum, one) => sum + one, 0) || 1;
  return (customer, scores) => {
    scores.fill(0);
    const sum = vote(customer, scores) || 1;
    for (let item = 0; item < scores.length; item += 1)
      scores[item] = scores[item]! / sum + (FLOOR * demand[item]!) / all;
  };
}

/** By item: what novelty multiplies a score with. */
export function noveltyOf({ firstAge }: BuyingHistory, novelty: number): Float64Array {
  return firstAge.map((days) => (days + ARRIVAL_DAYS) ** -novelty);
}

/** What to offer as new to the customer. */
export function createNewScorer(history: BuyingHistory, settings: NewSettings): Scorer {
  const shares = createShares(history, settings);
  const fresh = noveltyOf(history, settings.novelty);
  return (customer, scores) => {
    shares(customer, scores);
    for (let item = 0; item < scores.length; item += 1) scores[item]! *= fresh[item]!;
  };
}

/** Parts of a reorder score, as logarithms: they only have to be weighed and added. */
export interface ReorderParts {
  readonly own: Float64Array;
  readonly demand: Float64Array;
  readonly alike: Float64Array;
}

/** @param isNew ranks what is new to a customer @returns tells the parts for a customer; overwritten by the next */
export function createReorderParts(history: BuyingHistory, isNew: Scorer): (customer: number) => ReorderParts {
  const { items, starts, item, orders } = history;
  const demand = demandOf(history, DEMAND_DAYS).map((one) => Math.log(one + 0.5));
  const parts = { own: new Float64Array(items), demand, alike: new Float64Array(items) };
  return (customer) => {
    isNew(customer, parts.alike);
    const sum = parts.alike.reduce((total, one) => total + one, 0) || 1;
    for (let at = 0; at < items; at += 1) parts.alike[at] = Math.log(parts.alike[at]! / sum + FLOOR / 10);
    parts.own.fill(Math.log(NEVER));
    for (let row = starts[customer]!; row < starts[customer + 1]!; row += 1)
      parts.own[item[row]!] = Math.log(orders[row]! + NEVER);
    return parts;
  };
}

/** (orders of it + .1) · demand^a · alike^b, as a logarithm. */
export function weigh(parts: ReorderParts, { demand, alike }: ReorderSettings, scores: Float64Array): void {
  for (let item = 0; item < scores.length; item += 1)
    scores[item] = parts.own[item]! + demand * parts.demand[item]! + alike * parts.alike[item]!;
}
