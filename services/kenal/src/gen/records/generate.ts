import type { Random } from '../random.ts';
import type { DrawCulture } from './address.ts';
import { CULTURES, type CultureId } from './cultures/culture.ts';
import { stockOf } from './cultures/stock.ts';
import { planErrors } from './errors/damage.ts';
import { makeHousehold } from './household.ts';
import type { Profile, RecordSource, Spread } from './profile.ts';
import { makeRecord, type PersonRecord } from './record.ts';
import { randomOf, STREAMS } from './streams.ts';
import { poisson, type World } from './world.ts';

export interface RecordOptions {
  /** The same seed and options give the same records. */
  readonly seed: number;
  /** Exactly so many. */
  readonly records: number;
  readonly profile: Profile;
  /** Shares of the cultures; left out: those of the profile, else all of them by their own shares. */
  readonly cultures?: Readonly<Partial<Record<CultureId, number>>>;
  /** Makes all rates of faults higher or lower; 0: none. */
  readonly errors: number;
}

/**
 * Records are mixed inside blocks that end here, and after the last at each further `STEP`. A block knows nothing of
 * what comes after it, so 1,000 records are the first 1,000 of a million; and only one block is held at a time.
 */
const BLOCK_ENDS = [500, 1_000, 2_000, 5_000];
const STEP = 10_000;

/** Records of people whose truth is known, mixed, without clock, without I/O and in bounded memory. */
export function* generateRecords(options: RecordOptions): Iterable<PersonRecord> {
  const source = inOrder(options)[Symbol.iterator]();
  let made = 0;
  for (let block = 0; made < options.records; block += 1) {
    const end = BLOCK_ENDS[block] ?? (block - BLOCK_ENDS.length + 1) * STEP;
    const rows: PersonRecord[] = [];
    while (made < Math.min(end, options.records)) {
      rows.push(source.next().value as PersonRecord);
      made += 1;
    }
    shuffle(rows, randomOf(options.seed, STREAMS.shuffle, block));
    yield* rows;
  }
}

/** Household by household, without an end. */
function* inOrder({ seed, profile, cultures, errors }: RecordOptions): Generator<PersonRecord, never> {
  const world: World = { seed, profile, cultures: drawCulture(cultures ?? profile.cultures) };
  const plans = planErrors(profile.errors, errors);
  for (let index = 0; ; index += 1) {
    const random = randomOf(seed, STREAMS.records, index);
    const mishaps = randomOf(seed, STREAMS.damage, index);
    for (const person of makeHousehold(world, index)) {
      const count = drawCount(random, profile.spread, profile.mean);
      const first = random.int(0, profile.sources.length - 1);
      for (let number = 0; number < count; number += 1) {
        const source = profile.rotate ? rotated(profile, first + number) : drawSource(random, profile);
        yield makeRecord(world, person, source, plans, random, mishaps);
      }
    }
  }
}

/** How many records a person has: at least one, `mean` on average. */
export function drawCount(random: Random, spread: Spread, mean: number): number {
  const more = mean - 1;
  switch (spread) {
    case 'fixed':
      return 1 + Math.floor(more) + (random.chance(more % 1) ? 1 : 0);
    case 'uniform': {
      // 0 … 2·more, the ends rounded by chance so that the mean holds for any mean
      const most = 2 * more;
      return 1 + random.int(0, Math.floor(most) + (random.chance(most % 1) ? 1 : 0));
    }
    case 'poisson':
      return 1 + poisson(random, more);
    case 'geometric':
      return more === 0 ? 1 : 1 + Math.floor(Math.log(1 - random.next()) / Math.log(more / (1 + more)));
  }
}

function drawSource(random: Random, { sources }: Profile): RecordSource {
  let rest = random.next() * sources.reduce((sum, { share }) => sum + share, 0);
  for (const source of sources) {
    rest -= source.share;
    if (rest < 0) return source;
  }
  return sources[0] as RecordSource;
}

function rotated({ sources }: Profile, number: number): RecordSource {
  return sources[number % sources.length] as RecordSource;
}

function drawCulture(shares: RecordOptions['cultures']): DrawCulture {
  const known = CULTURES.map(
    (id) => [id, shares === undefined ? stockOf(id).culture.share : (shares[id] ?? 0)] as const,
  );
  const total = known.reduce((sum, [, share]) => sum + share, 0);
  return (random) => {
    let rest = random.next() * total;
    for (const [id, share] of known) {
      rest -= share;
      if (rest < 0) return id;
    }
    return known.find(([, share]) => share > 0)?.[0] as CultureId;
  };
}

/** Fisher–Yates. */
function shuffle(rows: PersonRecord[], random: Random): void {
  for (let last = rows.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    [rows[last], rows[other]] = [rows[other] as PersonRecord, rows[last] as PersonRecord];
  }
}
