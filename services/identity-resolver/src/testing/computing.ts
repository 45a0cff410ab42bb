import { type Computed, computedPlace, type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { createTopicWriter, topicSpecs } from '@kenal/event-log';
import { expect } from 'vitest';

/** What job-runner says of a profile. @param at microseconds since 1970 */
export function computedOf(profileId: string, name: string, value: string | null, at: number): Computed {
  const about = { workspace: 'shop', kind: 'score', fitId: 'f1', reason: 'because' } as const;
  return { ...about, profileId, name, value: value === null ? null : JSON.stringify(value), computedAt: at };
}

export async function compute(log: EventLog, said: readonly Computed[]): Promise<void> {
  await log.ensureTopics(topicSpecs(30));
  await createTopicWriter<Computed>(log, 'computed').append(said.map((value) => ({ key: value.profileId, value })));
}

/** Resolves when the state says that it has all that was computed. */
export async function kept(log: EventLog, state: IdentityState): Promise<void> {
  const ranges = await log.ranges(TOPICS.computed.name);
  const places = ranges.map(({ partition }) => computedPlace(partition));
  const ends = ranges.map(({ latest }) => latest);
  const offsets = async () => (await state.processed(['shop'], places)).map(({ offset }) => Math.max(0, offset));
  await expect.poll(offsets, { timeout: 30_000, interval: 20 }).toEqual(ends);
}
