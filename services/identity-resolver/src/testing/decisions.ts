import {
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  type EventLog,
  type IdentityState,
  TOPICS,
} from '@kenal/contracts';
import { createTopicWriter, topicSpecs } from '@kenal/event-log';
import { expect, vi } from 'vitest';

const WORKSPACE = 'shop';
const NOTHING = {
  ...{ workspace: WORKSPACE, actor: 'test', reason: 'because', pairs: [], source: null, profileId: null, erased: [] },
  ...{ consent: null, document: null, base: null, model: null },
};

/** @param n its place among the directives of a test, which gives it its id and its time: after what `generate` makes */
export function directiveOf(n: number, kind: Directive['kind'], more: Partial<Directive>): Directive {
  const issuedAt = Date.UTC(2026, 8, 1) * 1_000 + n;
  return { ...NOTHING, id: `d${String(n).padStart(4, '0')}`, issuedAt, kind, ...more };
}

export function pairOf(a: string, b: string, verb: 'must' | 'cannot' | 'revoke' | 'clear'): Pick<Directive, 'pairs'> {
  return { pairs: [{ a, b, verb, weight: null, detail: '' }] };
}

export async function decide(log: EventLog, directives: readonly Directive[]): Promise<void> {
  await log.ensureTopics(topicSpecs(30));
  const writer = createTopicWriter<Directive>(log, 'directives');
  await writer.append(directives.map((value) => ({ key: WORKSPACE, value })));
}

/** Resolves when everything that was decided has been carried out. */
export async function carriedOut(log: EventLog, state: IdentityState): Promise<void> {
  const [range] = await log.ranges(TOPICS.directives.name);
  await vi.waitFor(
    async () => {
      const [mark] = await state.processed([WORKSPACE], [DIRECTIVES_APPLIED_PARTITION]);
      expect(mark?.offset).toBe(range!.latest);
    },
    { timeout: 60_000, interval: 50 },
  );
}
