import { type EventLog, formatTime, type KenalConfig, type Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import type { z } from 'zod';
import { createFindChanges } from './find-changes.ts';
import { type TracedRow, type TracedRows, tracedRows } from './rows.ts';
import type { traceView } from './schemas.ts';

export type TraceView = z.infer<typeof traceView>;
type Stage = TraceView['traces'][number]['stages'][number];

/** @throws KenalError `not_found` */
export type Trace = (workspace: string, messageId: string, source?: string) => Promise<TraceView>;

const timeOf = (micros: Micros): string | null => (micros > 0 ? formatTime(micros) : null);

/** Where an event went, source by source (an id is one event of each source). */
export function createTrace(warehouse: Warehouse, log: EventLog, config: KenalConfig): Trace {
  const findChanges = createFindChanges(log);
  const sourcesOf = new Map(config.workspaces.map(({ id, sources }) => [id, sources.map((source) => source.id)]));

  async function loggedAt({ topic, partition, offset }: TracedRow): Promise<string | null> {
    const [range] = (await log.ranges(topic)).filter((one) => one.partition === partition);
    if (range === undefined || offset < range.earliest || offset >= range.latest) return null;
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    return record?.offset === offset ? formatTime(record.timestamp * 1_000) : null;
  }

  async function stagesOf(workspace: string, id: string, row: TracedRow, found: TracedRows): Promise<Stage[]> {
    const { source, collector, sequence, topic, partition, offset, owner, profileId } = row;
    const copy = found.copies.find((one) => one.collector === collector && one.sequence === sequence);
    const changes = await findChanges(workspace, source, id, row.resolved / 1_000);
    const moved = found.steps.filter((step) => step.source === source);
    const received = timeOf(row.received);
    return [
      { stage: 'received', at: received, collector, sequence },
      {
        stage: 'validated',
        at: received,
        channel: row.channel,
        type: row.type,
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
  }

  return async (workspace, messageId, only) => {
    const known = sourcesOf.get(workspace) ?? [];
    const sources = only === undefined ? known : known.filter((source) => source === only);
    const found = await tracedRows(warehouse, workspace, messageId, sources);
    const seen = new Set([...found.rows, ...found.copies, ...found.failures].map(({ source }) => source));
    if (seen.size === 0)
      throw new KenalError(
        'not_found',
        `no event ${messageId} is stored or was refused; it may still be under way, have been refused whole (401, 413, 429), or not have been sent`,
      );
    const traces = [...seen].sort().map(async (source) => {
      const row = found.rows.find((one) => one.source === source);
      const copies = found.copies.filter((one) => one.source === source);
      return {
        ...{ source, state: row !== undefined ? ('stored' as const) : stateOf(found, source) },
        stages: row === undefined ? [] : await stagesOf(workspace, messageId, row, found),
        copies: copies.map(({ minute, collector, sequence, refused, stored }) => ({
          ...{
            minute: formatTime(minute * 1e6),
            collector,
            sequence,
            refused: refused === 1,
            storedAt: timeOf(stored),
          },
        })),
        failures: found.failures
          .filter((one) => one.source === source)
          .map(({ source: _source, received, failed, ...failure }) => ({
            ...failure,
            ...{ receivedAt: formatTime(received), failedAt: formatTime(failed) },
          })),
      };
    });
    return { messageId, traces: await Promise.all(traces) };
  };
}

/** Of an event without a row: its copies may all have been refused, or it belongs to somebody who was erased. */
function stateOf({ copies, failures }: TracedRows, source: string): 'refused' | 'hidden' {
  const accepted = copies.some((copy) => copy.source === source && copy.refused === 0);
  return accepted || !failures.some((failure) => failure.source === source) ? 'hidden' : 'refused';
}
