import { setImmediate as turn } from 'node:timers/promises';
import type { KenalConfig } from '@kenal/contracts';
import { topicSpecs } from '@kenal/event-log';
import { replay } from '@kenal/identity';
import { repeat } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Backend, startDistributed, startEmbedded } from '../testing/backends.ts';
import { decidedApart } from '../testing/decided-apart.ts';
import { CONFIG, interactionOf } from '../testing/people.ts';
import { publishedProfiles } from '../testing/published.ts';

const AT = Date.UTC(2026, 0, 1) * 1_000;
const [SHOP] = CONFIG.workspaces;
/** At most so many e-mails of one person. */
const limited = (email: number): KenalConfig => ({
  workspaces: [{ ...SHOP!, identity: { types: [], limits: { email }, blocked: [] } }],
});
const PATIENCE_MS = 1_500;
const [OLD, NEW] = [limited(4), limited(1)];

/** Two people whose e-mails come one by one. */
const seen = (person: string, n: number) =>
  interactionOf(
    `${person}${n}`,
    'web',
    [
      { type: 'user_id', value: person },
      { type: 'email', value: `${person}${n}@x.de` },
    ],
    AT + n,
    null,
  );

describe.each([
  { name: 'embedded', start: startEmbedded },
  { name: 'Kafka and Redis', start: startDistributed },
])('two resolvers with another kenal.yaml each on $name', ({ start }) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await start();
  });
  afterAll(() => backend?.stop());

  test('decide by that of whoever started last, also where the other writes last', async () => {
    const old = await decidedApart(backend.environment, OLD, { patienceMs: PATIENCE_MS });
    const { log, state } = old;
    await log.ensureTopics(topicSpecs(30));
    // A topic that was just made may have no leader yet
    await vi.waitFor(() => old.directives.begin(), { timeout: 10_000 });
    const [first, more] = [
      [seen('a', 1), seen('a', 2), seen('b', 1)],
      [seen('a', 3), seen('b', 2)],
    ];
    await old.decide(first);
    const profiles = () => publishedProfiles(state);
    const truth = (config: KenalConfig, sent = first) => {
      const { identity, traits } = config.workspaces[0]!;
      return replay(sent, { workspace: 'shop', config: identity, traits, regionOf: () => 'US' }).profileByKey;
    };
    expect(await profiles()).toEqual(truth(OLD));
    expect(truth(OLD)).not.toEqual(truth(NEW));

    // The new one starts and sweeps; then the old one comes with what it had read
    const young = await decidedApart(backend.environment, NEW);
    await young.directives.begin();
    const answering = repeat(() => young.rulesMark.answer(), { everyMs: 50, againMs: 50, onFault: () => {} });
    answering.start(0);
    young.directives.start();
    await expect.poll(profiles, { timeout: 10_000 }).toEqual(truth(NEW));
    await expect(old.decide(more)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(await profiles()).toEqual(truth(NEW));

    // Nor does it sweep; and the same records are decided where they come again
    old.directives.start();
    await vi.waitFor(() => expect(old.looks()).toBeGreaterThan(1), { timeout: 5_000 });
    expect(await profiles()).toEqual(truth(NEW));
    await young.decide(more);
    expect(await profiles()).toEqual(truth(NEW, [...first, ...more]));

    // As long as somebody answers the old one is refused; then it has it again
    const late = [seen('a', 4), seen('b', 3)];
    for (const until = performance.now() + PATIENCE_MS + 300; performance.now() < until; ) {
      await expect(old.decide(late)).rejects.toMatchObject({ code: 'unavailable' });
      await turn(); // the embedded state answers at once, and the timer of the other one waits
    }
    await answering.stop();
    await young.stop();
    await vi.waitFor(() => old.decide(late), { timeout: 10_000, interval: 50 });
    const everything = [...first, ...more, ...late];
    await expect.poll(profiles, { timeout: 10_000 }).toEqual(truth(OLD, everything));
    await old.stop();

    // And once more who started last
    const third = await decidedApart(backend.environment, NEW);
    await third.directives.begin();
    third.directives.start();
    await expect.poll(() => publishedProfiles(third.state), { timeout: 10_000 }).toEqual(truth(NEW, everything));
    await third.stop();
  });
});
