import { type Clock, type EventLog, type Resolved, TOPICS } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Placed } from '../work.ts';

/** Append the round's interactions with their persons; resolves when they are durable. */
export function createPublishStep(log: EventLog, clock: Clock) {
  const writer = createTopicWriter<Resolved>(log, 'resolved');
  return async function publish(placed: readonly Placed[]): Promise<void> {
    const resolvedAt = clock();
    await writer.append(
      placed.map(({ record, interaction, identifiers, profileId, version }) => ({
        // What has no person has no order to keep
        key: profileId === '' ? interaction.id : profileId,
        value: {
          interaction,
          identifiers: identifiers.identifiers.map(({ type, value }) => ({ type, value })),
          owner: identifiers.owner,
          profileId,
          version,
          logTopic: TOPICS.interactions.name,
          logPartition: record.partition,
          logOffset: record.offset,
          resolvedAt,
        },
      })),
    );
  };
}
