import { changeTopicOf, type KenalConfig, TOPICS, type TopicFlow, type TopicSpec } from '@kenal/contracts';

const DAY_MS = 86_400_000;

/**
 * What to create at start: every topic that has a schema, hence a writer.
 * @param retentionDays of personal data in each workspace; topics carry all workspaces, so the longest counts
 */
export function topicSpecs(...retentionDays: readonly number[]): TopicSpec[] {
  const longest = Math.max(...retentionDays);
  const flows: readonly TopicFlow[] = Object.values(TOPICS);
  return flows
    .filter((flow) => flow.schema !== null)
    .map((flow) => ({
      name: flow.name,
      partitions: flow.partitions,
      retentionMs: flow.personal ? longest * DAY_MS : 0,
    }));
}

/** Topics of the changes of one workspace each, where kenal.yaml has them on; kept as long as that workspace says. */
export function changeTopicSpecs({ workspaces }: Pick<KenalConfig, 'workspaces'>): TopicSpec[] {
  const { partitions } = TOPICS.changes;
  return workspaces
    .filter(({ changes }) => changes.topic)
    .map(({ id, retentionDays }) => ({
      name: changeTopicOf(id),
      partitions,
      retentionMs: retentionDays * DAY_MS,
    }));
}
