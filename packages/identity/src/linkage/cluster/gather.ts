import type { ScoredPairs } from './agglomerate.ts';

/** What two records say of each other, field by field. */
export interface Evidence {
  /** Log2 odds before any field is looked at. */
  readonly prior: number;
  readonly fields: number;
  /** Write the bits of each field of a pair, NaN where one of the two says nothing. */
  weigh(a: number, b: number, bits: Float64Array): void;
  /** Number of what a record says in a field; -1: nothing. */
  cellOf(field: number, record: number): number;
}

export interface GatherOptions {
  /** Least log2 odds that a part is a person's and no other's. */
  readonly threshold: number;
  readonly evidence: Evidence;
}

/** Records of a part that is looked for a person, at most. */
const MOST = 2;
/** Persons that are looked at for each part, and records of each. */
const PERSONS = 3;
const RECORDS = 6;
/** Bits for one person in a pair from which on it is worth a look. */
const WORTH = 4;
const ROUNDS = 2;

/** People by their records, each named by the first. */
type People = Map<number, readonly number[]>;

interface Claim {
  readonly person: number;
  readonly score: number;
}

/**
 * Worn records share a birthday with one record of their person and an e-mail address with another: no pair of them says
 * enough, all together do. A part goes to the person of whom each field, at its best, says most, and to nobody where
 * another one comes near.
 * @param root cluster by record, numbered by its first record; the new ones go there
 */
export function gather(root: Int32Array, pairs: ScoredPairs, { threshold, evidence }: GatherOptions): void {
  const scoreOf = createScore(evidence);
  for (let round = 0; round < ROUNDS; round += 1) {
    const people = peopleOf(root);
    const moves: (Claim & { readonly part: number })[] = [];
    for (const [part, persons] of nearest(root, pairs, people, evidence.prior + WORTH)) {
      const claims = persons.map(({ person }) => ({ person, score: scoreOf(people.get(part)!, people.get(person)!) }));
      const { person, score } = claims.reduce((best, claim) => (claim.score > best.score ? claim : best));
      const others = claims.reduce((sum, claim) => sum + (claim.person === person ? 0 : 2 ** claim.score), 0);
      const odds = score - Math.log2(1 + others);
      if (odds >= threshold) moves.push({ part, person, score: odds });
    }
    moves.sort((x, y) => y.score - x.score || x.part - y.part);
    const moved = new Set<number>();
    for (const { part, person } of moves) {
      if (moved.has(person) || moved.has(part)) continue;
      moved.add(part);
      const first = Math.min(root[part]!, root[person]!);
      for (const record of people.get(part)!) root[record] = first;
      if (first !== root[person]) for (const record of people.get(person)!) root[record] = first;
    }
    if (moved.size === 0) return;
  }
}

function peopleOf(root: Int32Array): People {
  const people = new Map<number, number[]>();
  root.forEach((first, record) => {
    const own = people.get(first);
    if (own === undefined) people.set(first, [record]);
    else own.push(record);
  });
  return people;
}

/** For each small part: the persons, larger than it, with whom a pair of it scores best. */
function nearest(root: Int32Array, { a, b, scores }: ScoredPairs, people: People, floor: number) {
  const found = new Map<number, Claim[]>();
  const sizes = new Int32Array(root.length);
  for (const [first, members] of people) sizes[first] = members.length;
  const claim = (part: number, person: number, score: number): void => {
    const [own, other] = [sizes[part]!, sizes[person]!];
    if (own > MOST || other < 2 || own > other || (own === other && part < person)) return;
    const claims = found.get(part) ?? [];
    if (claims.length === 0) found.set(part, claims);
    const at = claims.findIndex((each) => each.person === person);
    if (at >= 0) {
      if (claims[at]!.score >= score) return;
      claims.splice(at, 1);
    }
    if (claims.length === PERSONS && claims[PERSONS - 1]!.score >= score) return;
    const place = claims.findIndex((each) => each.score < score);
    claims.splice(place < 0 ? claims.length : place, 0, { person, score });
    claims.length = Math.min(claims.length, PERSONS);
  };
  for (let pair = 0; pair < scores.length; pair += 1) {
    const score = scores[pair]!;
    if (score < floor) continue;
    const [x, y] = [root[a[pair]!]!, root[b[pair]!]!];
    if (x === y) continue;
    claim(x, y, score);
    claim(y, x, score);
  }
  return found;
}

/** Log2 odds that a part is a person's: each field at its best, less what so many values agree in by chance. */
function createScore(evidence: Evidence): (part: readonly number[], person: readonly number[]) => number {
  const { prior, fields, weigh, cellOf } = evidence;
  const [bits, best] = [new Float64Array(fields), new Float64Array(fields)];
  return (part, person) => {
    const known = person.slice(0, RECORDS);
    best.fill(Number.NaN);
    for (const x of part)
      for (const y of known) {
        weigh(x, y, bits);
        for (let f = 0; f < fields; f += 1) if (!(bits[f]! <= best[f]!) && !Number.isNaN(bits[f]!)) best[f] = bits[f]!;
      }
    let score = prior;
    for (let f = 0; f < fields; f += 1) {
      if (Number.isNaN(best[f]!)) continue;
      const values =
        best[f]! > 0 ? new Set(known.map((record) => cellOf(f, record)).filter((value) => value >= 0)) : null;
      score += best[f]! - (values === null ? 0 : Math.log2(Math.max(1, values.size)));
    }
    return score;
  };
}
