import { type Change, type EventLog, formatTime, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { createFindRecords } from './find-records.ts';
import { createFirstCopy, type Journey } from './first-copy.ts';
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
  const findChanges = createFindRecords(log, TOPICS.changes.name, createCodec<Change>('change'));
  const firstCopy = createFirstCopy(log);

  async function loggedAt({ topic, partition, offset }: NonNullable<Journey['logged']>): Promise<string | null> {
    const [range] = (await log.ranges(topic)).filter((one) => one.partition === partition);
    if (range === undefined || offset < range.earliest || offset >= range.latest) return null;
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    return record?.offset === offset ? formatTime(record.timestamp * 1_000) : null;
  }

  return async (workspace, row, copies, moved) => {
    const { source, messageId, owner, profileId } = row;
    const first = await firstCopy(row, copies);
    const isItsOwn = ({ workspace: of, cause }: Change): boolean =>
      of === workspace && cause.messageId === messageId && cause.source === source;
    const changes = await findChanges(isItsOwn, first.since);
    const received = timeOf(first.received);
    return [
      { stage: 'received', at: received, collector: first.collector, sequence: first.sequence },
      {
        ...{ stage: 'validated', at: received, channel: row.channel, type: row.type },
        name: row.name === '' ? null : row.name,
      },
      ...(first.logged === null
        ? []
        : [{ stage: 'logged' as const, at: await loggedAt(first.logged), ...placeOf(first.logged) }]),
      {
        ...{ stage: 'resolved', at: timeOf(first.resolved) },
        ...{ owner: owner === '' ? null : owner, profileId: profileId === '' ? null : profileId },
        rule: changes[0]?.value.cause.rule ?? moved[0]?.rule ?? null,
        moved: moved.map(({ key, profileId: to, from }) => ({ identifier: key, from: from || null, to: to || null })),
      },
      { stage: 'stored', at: timeOf(first.stored) },
      ...changes.map(({ value: change, record }) => ({
        ...{ stage: 'delivered' as const, at: formatTime(record.timestamp * 1_000) },
        ...placeOf(record),
        ...{ change: change.id, changeType: change.type, profileId: change.profileId },
      })),
    ];
  };
}

function placeOf({ topic, partition, offset }: NonNullable<Journey['logged']>): NonNullable<Journey['logged']> {
  return { topic, partition, offset };
}
