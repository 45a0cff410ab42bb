import type { JsonObject } from '@kenal/contracts';
import { CAMPAIGNS, reach } from './campaigns.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import type { GeneratedEvent, SegmentEvent } from './event.ts';
import { createTimeHeap, type TimeHeap } from './heap.ts';
import { makeVisit } from './journeys.ts';
import { createPeople, type Device, type Person } from './people.ts';
import type { Region } from './phones.ts';
import { createRandom, type Random } from './random.ts';
import { createTruthBook, type PersonTruth } from './truth.ts';
import type { Draft, Shopper, Visit } from './visit.ts';
import { followCampaign } from './visits/web.ts';

export interface GeneratorOptions {
  /** The same seed and options give the same bytes. */
  readonly seed: number;
  readonly people: number;
  /** Length of the period that ends at `until`. */
  readonly days: number;
  /** Milliseconds since 1970; Infinity for a stream without an end (then `from` says where it begins). */
  readonly until: number;
  /** Where an endless stream begins, milliseconds since 1970. */
  readonly from?: number;
  /** Exactly so many events (copies and late ones among them); left out: as many as these people make in that time. */
  readonly events?: number;
  /** Share of events that are sent twice, with the same id. */
  readonly duplicates?: number;
  /** Share of events that arrive up to a day after they happened. */
  readonly late?: number;
  /** Share of people who use a tablet together with somebody else. */
  readonly sharedDevices?: number;
  /** Another story of the same people. */
  readonly story?: number;
  /** Write to all of them, but for some who are held out: {@link CAMPAIGNS}. */
  readonly campaigns?: boolean;
  readonly currency?: string;
  /** Default region of phone numbers in the shop's systems. */
  readonly home?: Region;
}

export interface Generator {
  readonly people: readonly Person[];
  /** Events in the order in which they are sent. May be walked once for each generator. */
  events(): Iterable<GeneratedEvent>;
  /** What is true of everybody, given the events walked so far. */
  truth(): Iterable<PersonTruth>;
}

const DAY_MS = 86_400_000;
const VISIT_PERIOD_DAYS = 90;
/** So long stays away who was served badly. */
const AWAY_MS = 120 * DAY_MS;

/** A shop's customers and what they do: seeded, without clock and without I/O. */
export function createGenerator(options: GeneratorOptions): Generator {
  const catalogue = createCatalogue();
  const people = createPeople({
    seed: options.seed,
    people: options.people,
    sharedDevices: options.sharedDevices ?? 0,
    tastes: catalogue.tastes,
  });
  const shared = new Set(
    people.flatMap(({ devices }) => devices.filter((d) => d.shared).map((d) => `anonymous_id:${d.anonymousId}`)),
  );
  const book = createTruthBook(shared);
  return {
    people,
    truth: () => book.people(),
    events: function* () {
      const { rate, skip } = paceFor(options, people, catalogue);
      let index = 0;
      for (const sent of play(options, people, catalogue, rate)) {
        if (index++ < skip) continue;
        book.note(sent.person, sent.carries);
        yield sent;
      }
    },
  };
}

type Sent = GeneratedEvent & { readonly carries: readonly string[] };

// To end at `until` with exactly so many events: turn up the rate until there are enough, then leave the oldest out.
function paceFor(options: GeneratorOptions, people: readonly Person[], catalogue: Catalogue) {
  if (options.events === undefined) return { rate: 1, skip: 0 };
  if (people.length === 0) return { rate: 0, skip: 0 };
  let rate = 1;
  for (;;) {
    let count = 0;
    const most = options.events * 1.5 + 1_000;
    for (const _ of play(options, people, catalogue, rate)) if (++count > most && rate > 1e-6) break;
    if (count > most) rate *= 0.6;
    else if (count < options.events) rate *= Math.min(8, (1.03 * options.events) / Math.max(count, 1) + 0.01);
    else return { rate, skip: count - options.events };
  }
}

/** What a customer does next: come by of their own accord, and again and again; or once, because something made them. */
interface Turn {
  readonly shopper: Shopper;
  readonly once: ((visit: Visit) => void) | null;
}

interface Player {
  readonly options: GeneratorOptions;
  readonly random: Random;
  readonly catalogue: Catalogue;
  readonly outbox: TimeHeap<Sent>;
  readonly prefix: string;
  serial: number;
}

function* play(
  options: GeneratorOptions,
  people: readonly Person[],
  catalogue: Catalogue,
  rate: number,
): Iterable<Sent> {
  const random = createRandom(options.seed, 2 + (options.story ?? 0));
  const begin = options.from ?? options.until - options.days * DAY_MS;
  const visits = createTimeHeap<Turn>();
  const gap = (person: Person): number => random.exponential((VISIT_PERIOD_DAYS * DAY_MS) / (person.visits * rate));
  for (const person of people) {
    // Some were customers before the period began, others come in its course.
    const old = random.chance(0.55) || options.from !== undefined;
    const joined = old ? begin : begin + random.next() * options.days * DAY_MS;
    const registered = old && person.userId !== null;
    const shopper = { person, registered, signedIn: new Set<Device>(), lastOrder: null, isAway: false };
    visits.push(joined + gap(person), { shopper, once: null });
    for (const campaign of options.campaigns ? CAMPAIGNS : []) {
      const at = begin + campaign.at * options.days * DAY_MS + random.next() * 3_600_000;
      const follow = (visit: Visit): void => {
        const after = reach(visit, campaign);
        if (after !== null) visits.push(at + after * 1_000, { shopper, once: followCampaign(campaign) });
      };
      visits.push(at, { shopper, once: follow });
    }
  }
  const prefix = `g${options.seed.toString(36)}${options.story ? `.${options.story.toString(36)}` : ''}-`;
  const player: Player = { options, random, catalogue, outbox: createTimeHeap(), prefix, serial: 0 };
  while (visits.next() <= options.until && visits.size > 0) {
    const at = visits.next();
    while (player.outbox.next() <= at) yield player.outbox.pop() as Sent;
    const { shopper, once } = visits.pop() as Turn;
    perform(player, shopper, at, once ?? makeVisit);
    if (once !== null) continue;
    visits.push(at + gap(shopper.person) + (shopper.isAway ? AWAY_MS : 0), { shopper, once });
    shopper.isAway = false;
  }
  while (player.outbox.size > 0) yield player.outbox.pop() as Sent;
}

function perform(player: Player, shopper: Shopper, at: number, does: (visit: Visit) => void): void {
  const { options, random, catalogue } = player;
  does({
    at,
    random,
    shopper,
    catalogue,
    currency: options.currency ?? 'GBP',
    home: options.home ?? 'GB',
    serial: () => ++player.serial,
    emit: (draft) => {
      const happened = Math.round(at + draft.after * 1_000);
      if (happened > options.until) return;
      const event = eventOf(draft, `${player.prefix}${++player.serial}`, happened);
      const lateness = random.chance(options.late ?? 0) ? random.next() * DAY_MS : 0;
      const sentAt = Math.min(Math.round(happened + lateness), options.until);
      const sent = { source: draft.source, person: shopper.person.id, sentAt, event, carries: draft.carries };
      player.outbox.push(sentAt, sent);
      if (random.chance(options.duplicates ?? 0)) {
        const again = Math.min(Math.round(sentAt + random.exponential(600_000)), options.until);
        player.outbox.push(again, { ...sent, sentAt: again });
      }
    },
  });
}

function eventOf(draft: Draft, messageId: string, happened: number): SegmentEvent {
  return {
    messageId,
    type: draft.type,
    ...(draft.name === undefined ? {} : draft.type === 'track' ? { event: draft.name } : { name: draft.name }),
    ...(draft.userId ? { userId: draft.userId } : {}),
    ...(draft.anonymousId ? { anonymousId: draft.anonymousId } : {}),
    timestamp: new Date(happened).toISOString(),
    ...(draft.traits === undefined ? {} : { traits: draft.traits }),
    ...(draft.properties === undefined ? {} : { properties: draft.properties }),
    ...(draft.context === undefined ? {} : { context: draft.context as JsonObject }),
  };
}
