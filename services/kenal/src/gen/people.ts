import { createNamePools, type NamePool } from './names.ts';
import { makePhone, type Phone, type Region } from './phones.ts';
import { plain } from './plain.ts';
import { createRandom, type Random, uuidOf } from './random.ts';

/** A browser, tablet or telephone; what it shows of itself is its anonymous id, and its device id where it is an app. */
export interface Device {
  readonly anonymousId: string;
  /** Set where the shop's app runs on it. */
  readonly deviceId: string | null;
  readonly userAgent: string;
  readonly platform: 'web' | 'ios' | 'android';
  /** True where somebody else uses it too. */
  readonly shared: boolean;
}

/** A true person: what no system is told, and what identity resolution should find again. */
export interface Person {
  /** `p000012` */
  readonly id: string;
  readonly given: string;
  /** '' where the person lives with one name. */
  readonly family: string;
  readonly region: Region;
  readonly language: string;
  readonly city: string;
  readonly street: string;
  readonly birthday: string;
  /** null: never opened an account. */
  readonly userId: string | null;
  readonly loyaltyCard: string | null;
  /** Account of who told them of the shop; null: nobody did. */
  readonly referredBy: string | null;
  /** In lower case; the first is the one that the shop writes to. */
  readonly emails: readonly string[];
  readonly phones: readonly Phone[];
  readonly devices: readonly Device[];
  readonly favourites: readonly string[];
  /** Visits in a period of 90 days, on average. */
  readonly visits: number;
  /** Chance that a visit ends with an order. */
  readonly buys: number;
}

export interface PeopleOptions {
  readonly seed: number;
  readonly people: number;
  /** Share of the people who use a tablet together with somebody else, 0 to 1. */
  readonly sharedDevices: number;
  /** Categories that go together. */
  readonly tastes: readonly (readonly string[])[];
}

/** Reserved names (RFC 2606): nobody has a mailbox there. */
export const MAIL_HOSTS = ['example.com', 'example.org', 'example.net', 'mail.example.com', 'post.example.org'];
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
];
const TABLET =
  'Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/604.1';

/** One in so many was brought by the customer before. */
const BROUGHT = 4;

/** Make the customers; the same for the same options. */
export function createPeople(options: PeopleOptions): readonly Person[] {
  const pools = createNamePools(options.seed);
  const random = createRandom(options.seed, 1);
  const people: Person[] = [];
  let tablet: Device | null = null;
  let known: string | null = null;
  for (let index = 0; index < options.people; index++) {
    const devices = makeDevices(random);
    if (tablet !== null) {
      devices.push(tablet);
      tablet = null;
    } else if (random.chance(options.sharedDevices / 2) && index + 1 < options.people) {
      tablet = { anonymousId: uuidOf(random), deviceId: null, userAgent: TABLET, platform: 'web', shared: true };
      devices.push(tablet);
    }
    const person = makePerson(random, drawPool(random, pools), index, devices, options.tastes);
    people.push(index % BROUGHT === BROUGHT - 1 ? { ...person, referredBy: known } : person);
    known = person.userId ?? known;
  }
  return people;
}

function drawPool(random: Random, pools: readonly NamePool[]): NamePool {
  let rest = random.next();
  for (const pool of pools) {
    rest -= pool.share;
    if (rest < 0) return pool;
  }
  return pools[0] as NamePool;
}

function makePerson(
  random: Random,
  pool: NamePool,
  index: number,
  devices: readonly Device[],
  tastes: readonly (readonly string[])[],
): Person {
  const given = random.pick(pool.given);
  const family = random.chance(pool.singleNames) ? '' : random.pick(pool.family);
  const number = String(index).padStart(6, '0');
  const member = random.chance(0.85);
  const emails = makeEmails(random, given, family, index);
  const phones = random.chance(0.75) ? [makePhone(random, pool.region)] : [];
  if (phones.length > 0 && random.chance(0.08)) phones.push(makePhone(random, pool.region));
  return {
    id: `p${number}`,
    given,
    family,
    region: pool.region,
    language: pool.language,
    city: random.pick(pool.cities),
    street: `${random.int(1, 180)} ${random.pick(pool.streets)}`,
    birthday: new Date(Date.UTC(random.int(1945, 2005), random.int(0, 11), random.int(1, 28)))
      .toISOString()
      .slice(0, 10),
    userId: member ? `u-${number}` : null,
    loyaltyCard: random.chance(0.4) ? `LC${10_000_000 + index * 37}` : null,
    referredBy: null,
    emails,
    phones,
    devices,
    favourites: random.pick(tastes),
    visits: Math.min(90, random.logNormal(member ? 7 : 3, member ? 0.9 : 0.5)), // strangers come less often
    buys: 0.05 + 0.3 * random.next() ** 2,
  };
}

function makeEmails(random: Random, given: string, family: string, index: number): string[] {
  const local = [given, family]
    .map(plain)
    .filter(Boolean)
    .join(random.pick(['.', '_', '']));
  const emails = [`${local}${index}@${random.pick(MAIL_HOSTS)}`];
  if (random.chance(0.15))
    emails.push(`${plain(given).slice(0, 1)}.${plain(family) || 'me'}.${index}@work.example.com`);
  return emails;
}

function makeDevices(random: Random): Device[] {
  const count = 1 + (random.chance(0.45) ? 1 : 0) + (random.chance(0.15) ? 1 : 0);
  return Array.from({ length: count }, () => {
    const app = random.chance(0.25);
    const platform = app ? random.pick(['ios', 'android'] as const) : 'web';
    return {
      anonymousId: uuidOf(random),
      deviceId: app ? uuidOf(random).toUpperCase() : null,
      userAgent: random.pick(BROWSERS),
      platform,
      shared: false,
    };
  });
}
