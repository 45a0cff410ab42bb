import { TOPICS, type TopicFlow, type TopicSpec } from '@kenal/contracts';

const DAY_MS = 86_400_000;

/** What to create at start: every topic that has a schema, hence a writer. @param retentionDays of personal data */
export function topicSpecs(retentionDays: number): TopicSpec[] {
  const flows: readonly TopicFlow[] = Object.values(TOPICS);
  return flows
    .filter((flow) => flow.schema !== null)
    .map((flow) => ({
      name: flow.name,
      partitions: flow.partitions,
      retentionMs: flow.personal ? retentionDays * DAY_MS : 0,
    }));
}
