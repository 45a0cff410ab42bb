import { type IdentityConfig, type Interaction, type KenalConfig, kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';

const SOURCES = ['web', 'till', 'app'];

/** Of both workspaces. */
export const ERASURE_KEY = `key:${'5'.repeat(64)}`;

/** Two workspaces, one of them idle: it must hold nobody back. A rule of each kind for the traits. */
export const CONFIG = kenalConfigSchema.parse({
  workspaces: ['shop', 'idle'].map((id) => ({
    ...{
      id,
      erasureKey: ERASURE_KEY,
      sources: SOURCES.map((source) => ({ id: source, keys: [{ key: hashKey('w') }] })),
    },
    changes: { topic: id === 'shop' },
    identity: { limits: { email: 2, anonymous_id: 4 } },
    traits: {
      city: { survivorship: 'oldest' },
      name: { survivorship: 'longest' },
      visits: { survivorship: 'source_priority', sources: ['till', 'web'] },
    },
  })),
});

/** The same with other rules in all workspaces. */
export function withRules({ workspaces }: KenalConfig, rules: Partial<IdentityConfig>): KenalConfig {
  return { workspaces: workspaces.map((one) => ({ ...one, identity: { ...one.identity, ...rules } })) };
}

const START = Date.UTC(2026, 0, 1) * 1_000;

/** Seeded numbers below 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A seeded stream of customers on several devices: anonymous first, then known; families that share an address; phones in
 * two spellings; traits that change; events late by up to a day; a tenth of them again as copies; all of it shuffled.
 */
export function generate(seed: number, count: number): Interaction[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const people = Math.max(3, Math.floor(count / 12));
  const events: Interaction[] = [];
  for (let i = 0; i < count; i += 1) {
    const person = Math.floor(random() * people);
    const identifiers = [{ type: 'anonymous_id', value: `n${person}-${Math.floor(random() * 6)}` }];
    if (random() < 0.5) identifiers.push({ type: 'user_id', value: `u${person}` });
    if (random() < 0.3)
      identifiers.push({
        type: 'email',
        value: pick([`P${person}@x.de`, `p.${person}x@gmail.com`, `px${person}x@gmail.com`]),
      });
    if (random() < 0.1) identifiers.push({ type: 'email', value: `family${Math.floor(person / 3)}@x.de` });
    if (random() < 0.1)
      identifiers.push({ type: 'phone', value: pick([`+1201557${2000 + person}`, `(201) 557-${2000 + person}`]) });
    if (random() < 0.05) identifiers.splice(0, 9, { type: 'user_id', value: 'null' });
    const clientAt = START + i * 1_000_000 - Math.floor(random() < 0.2 ? random() * 86_400e6 : 0);
    events.push(
      interactionOf(`m${i}`, pick(SOURCES), identifiers, clientAt, random() < 0.4 ? traitsOf(pick, i) : null),
    );
  }
  for (const event of events.slice(0, count / 10)) events.push({ ...event, receivedAt: event.receivedAt + 60_000_000 });
  return events
    .map((event) => ({ event, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }, i) => ({ ...event, receipt: { collector: 'test', sequence: i + 1 } }));
}

function traitsOf(pick: <T>(list: readonly T[]) => T, i: number): string {
  return pick([
    `{"city":"${pick(['Bonn', 'Kiel'])}"}`,
    `{"visits":${i},"city":null}`,
    `{"name":"${'N'.repeat(1 + (i % 7))}"}`,
  ]);
}

/** A web interaction; an identify where it says traits. */
export function interactionOf(
  id: string,
  source: string,
  identifiers: Interaction['identifiers'],
  clientAt: number,
  traits: string | null,
): Interaction {
  return {
    ...{
      id,
      workspace: 'shop',
      source,
      channel: 'web',
      direction: 'inbound',
      type: traits === null ? 'track' : 'identify',
    },
    ...{
      name: null,
      clientAt,
      sentAt: null,
      receivedAt: clientAt,
      occurredAt: clientAt,
      identifiers,
      participants: [],
    },
    ...{ actor: null, accountId: null, caseId: null, conversationId: null, sessionId: null, userId: null },
    ...{ anonymousId: null, traits: traits ?? '{}', properties: '{"pad":"x"}', context: '{}', extra: '{}' },
    ...{ consent: null, campaign: null, amount: null, currency: null, receipt: { collector: 'test', sequence: 1 } },
  } as Interaction;
}
