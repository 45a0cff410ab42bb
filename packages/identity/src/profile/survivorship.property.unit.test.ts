import type { IdentifierKey } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNormaliser } from '../normalise/normalise.ts';
import { replay } from '../replay.ts';
import { rulesOf } from '../rules.ts';
import { interactions, optionsOf, propertyRuns, RULED, shuffle, type TestInteraction, TIGHT } from '../test-support.ts';
import { createWorld } from '../testing/world.ts';

interface Said {
  readonly trait: string;
  readonly value: string;
  readonly source: string;
  readonly at: number;
  readonly id: string;
}

const normalise = createNormaliser(TIGHT, 'US');
const ranked = rulesOf(TIGHT, 'test', { traits: RULED }).traits;

/** Every second event is said by one owner, so that a source says many things of one trait, null first, last and between. */
const talkative = interactions.map((events) =>
  events.map((event, i): TestInteraction => {
    return i % 2 === 0 ? event : { ...event, type: 'identify', identifiers: [{ type: 'user_id', value: 'u1' }] };
  }),
);

/** Everything that was ever said of the people who own the interactions, by profile and trait. */
function saidBy(events: readonly TestInteraction[], profileOf: ReadonlyMap<IdentifierKey, string>) {
  const said = events.flatMap((event) => {
    const profile = profileOf.get(normalise(event.identifiers).owner);
    if (profile === undefined || event.type !== 'identify') return [];
    return Object.entries(JSON.parse(event.traits) as object).map(([trait, value]) => ({
      ...{ profile, trait, value: JSON.stringify(value), source: event.source },
      ...{ at: event.clientAt ?? event.receivedAt, id: event.id },
    }));
  });
  return Map.groupBy(said, ({ profile, trait }) => `${profile} ${trait}`);
}

/** The rule in words, over all that was said: sort, and take the last. */
function naively(said: readonly Said[], trait: string): Said | undefined {
  const byTime = said.toSorted((a, b) => {
    const [x, y] = [a, b].map(({ at, id, value, source }) => [String(at).padStart(9), id, value, source].join('\0'));
    return x! < y! ? -1 : 1;
  });
  const given = byTime.filter(({ value }) => value !== 'null');
  const { survivorship, rankOf } = ranked.ruleOf(trait);
  if (survivorship === 'source_priority') {
    const ranks = [0, 1, 2].map((rank) => byTime.findLast(({ source }) => rankOf(source) === rank));
    return ranks.find((one) => one !== undefined && one.value !== 'null');
  }
  if (byTime.at(-1)?.value === 'null') return undefined;
  if (survivorship === 'oldest') return given[0];
  const length = ({ value }: Said) => [...(value.startsWith('"') ? (JSON.parse(value) as string) : value)].length;
  return survivorship === 'longest' ? given.toSorted((a, b) => length(a) - length(b)).at(-1) : given.at(-1);
}

test('registers tell of each rule what everything that was ever said tells, in any order and any batches', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(talkative, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(order(events))) world.take(batch);
      const { profiles, profileByKey } = world.picture();
      const words = saidBy(events, profileByKey);
      for (const [name, said] of words) {
        const [id = '', trait = ''] = [name.slice(0, name.indexOf(' ')), name.slice(name.indexOf(' ') + 1)];
        const holds = naively(said, trait);
        const detail = profiles.get(id)?.traitDetails[trait];
        seen.add(`${trait} ${holds === undefined ? 'none' : said.length > 2}`);
        expect(
          detail && [JSON.stringify(detail.value), detail.source, detail.at, detail.messageId, detail.survivorship],
        ).toEqual(holds && [holds.value, holds.source, holds.at, holds.id, ranked.ruleOf(trait).survivorship]);
      }
      const held = [...profiles.values()].flatMap(({ id, traits }) => Object.keys(traits).map((one) => `${id} ${one}`));
      expect(held.filter((name) => !words.has(name))).toEqual([]);
    }),
    { numRuns: propertyRuns },
  );
  expect(seen.size).toBe(12); // each trait taken away, with few words and with many
});

test('a value that holds was confirmed by an event that said it, no earlier than the one it holds by', () => {
  fc.assert(
    fc.property(talkative, (events) => {
      const { profiles, profileByKey } = replay(events, optionsOf(TIGHT, RULED));
      const words = saidBy(events, profileByKey);
      for (const { id, traitDetails } of profiles.values()) {
        for (const [trait, { value, at, confirmedAt }] of Object.entries(traitDetails)) {
          const same = (words.get(`${id} ${trait}`) ?? []).filter((one) => one.value === JSON.stringify(value));
          expect(confirmedAt).toBeGreaterThanOrEqual(at);
          expect(same.map((one) => one.at)).toContain(confirmedAt);
        }
      }
    }),
    { numRuns: propertyRuns },
  );
});
