import { type Change, type EventLog, formatTime, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

const codec = createCodec<Change>('change');

/** A change of a profile of workspace `shop`; `version` is a count, so that tests can read it. */
export function change(profileId: string, version: number, more: Partial<Change> = {}): Change {
  const after = {
    ...{ traits: '{"plan":"pro"}', identifiers: [{ type: 'user_id', value: profileId }], identifierCount: 1 },
    ...{ consent: '{}', computed: '{}' },
  };
  return {
    ...{ id: `${profileId}:${version}`, type: 'updated', workspace: 'shop', profileId, version },
    ...{ previousVersion: version - 1, occurredAt: Date.now() * 1_000, before: null, after, changed: ['traits.plan'] },
    ...{ assigned: [], cause: { messageId: 'm', source: 'web', rule: 'identify' }, mergedInto: null, mergedFrom: [] },
    ...{ splitInto: [], released: [], ...more },
  };
}

/** Put changes onto the topic, as the resolver's relay does. */
export async function publish(log: Pick<EventLog, 'append'>, changes: readonly Change[]): Promise<void> {
  await log.append(
    TOPICS.changes.name,
    changes.map((one) => ({
      ...{ key: one.profileId, value: codec.encode(one) },
      headers: { ce_source: `/workspaces/${one.workspace}`, ce_time: formatTime(one.occurredAt) },
    })),
  );
}
