import type { TopicSpec } from '@kenal/contracts';
import kafkajs, { type Admin } from 'kafkajs';
import type { LogSink } from '../log-sink.ts';

/** Name of a topic's retention in Kafka. */
export const RETENTION = 'retention.ms';
// `DYNAMIC_TOPIC_CONFIG` of Kafka's DescribeConfigs: set for this topic alone
const OF_THIS_TOPIC = 1;

/** Retention as Kafka writes it. @param retentionMs 0 keeps for ever */
export function retentionText(retentionMs: number): string {
  return retentionMs === 0 ? '-1' : String(retentionMs);
}

/**
 * Give topics the retention asked for, where it differs. AlterConfigs replaces all that is set for a topic, so what an
 * operator has set is sent again with it.
 */
export async function alterRetention(admin: Admin, topics: readonly TopicSpec[], logger: LogSink): Promise<void> {
  if (topics.length === 0) return;
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type, name })),
  });
  const altered = topics.flatMap(({ name, retentionMs }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const value = retentionText(retentionMs);
    if (entries.find(({ configName }) => configName === RETENTION)?.configValue === value) return [];
    const kept = entries
      .filter(({ configName, configSource }) => Number(configSource) === OF_THIS_TOPIC && configName !== RETENTION)
      .map((entry) => ({ name: entry.configName, value: entry.configValue }));
    return [{ type, name, configEntries: [...kept, { name: RETENTION, value }] }];
  });
  if (altered.length === 0) return;
  await admin.alterConfigs({ validateOnly: false, resources: altered });
  logger.info({ topics: altered.map(({ name }) => name) }, 'the retention of Kafka topics changed');
}
