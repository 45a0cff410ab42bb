import { type EventLog, formatTime } from '@kenal/contracts';
import { createFindChanges } from './find-changes.ts';
import type { TracedCopy, TracedRow, TracedStep } from './rows.ts';
import { timeOf } from './times.ts';
import type { TraceView } from './trace.ts';

type Stage = TraceView['traces'][number]['stages'][number];

/** The stages that a stored event went through, in their order. */
export type StagesOf = (
  workspace: string,
  row: TracedRow,
  copies: readonly TracedCopy[],
  moved: readonly TracedStep[],
) => Promise<Stage[]>;

export function createStagesOf(log: EventLog): StagesOf {
  const findChanges = createFindChanges(log);

  async function loggedAt({ topic, partition, offset }: TracedRow): Promise<string | null> {
    const [range] = (await log.ranges(topic)).filter((one) => one.partition === partition);
    if (range === undefined || offset < range.earliest || offset >= range.latest) return null;
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    return record?.offset === offset ? formatTime(record.timestamp * 1_000) : null;
  }

  return async (workspace, row, copies, moved) => {
    const { source, messageId, collector, sequence, topic, partition, offset, owner, profileId } = row;
    const copy = copies.find((one) => one.collector === collector && one.sequence === sequence);
    const changes = await findChanges(workspace, source, messageId, row.resolved / 1_000);
    const received = timeOf(row.received);
    return [
      { stage: 'received', at: received, collector, sequence },
      {
        ...{ stage: 'validated', at: received, channel: row.channel, type: row.type },
        name: row.name === '' ? null : row.name,
      },
      { stage: 'logged', at: await loggedAt(row), topic, partition, offset },
      {
        ...{ stage: 'resolved', at: timeOf(row.resolved) },
        ...{ owner: owner === '' ? null : owner, profileId: profileId === '' ? null : profileId },
        rule: changes[0]?.change.cause.rule ?? moved[0]?.rule ?? null,
        moved: moved.map(({ key, profileId: to, from }) => ({ identifier: key, from: from || null, to: to || null })),
      },
      { stage: 'stored', at: timeOf(copy?.stored ?? 0) },
      ...changes.map(({ change, record }) => ({
        ...{ stage: 'delivered' as const, at: formatTime(record.timestamp * 1_000) },
        ...{ topic: record.topic, partition: record.partition, offset: record.offset },
        ...{ change: change.id, changeType: change.type, profileId: change.profileId },
      })),
    ];
  };
}
