import { type EventLog, formatTime, type KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import type { z } from 'zod';
import { type TracedCopy, type TracedRows, tracedRows } from './rows.ts';
import type { traceView } from './schemas.ts';
import { createStagesOf, type StagesOf } from './stages.ts';
import { timeOf } from './times.ts';
import { type EventName, findByVendorId, MOST_EVENTS, type TracedSource } from './vendor-ids.ts';

export type TraceView = z.infer<typeof traceView>;

/** @param source without it every source of kenal.yaml; one that is gone from it too @throws KenalError `not_found` */
export type Trace = (workspace: string, messageId: string, source?: string) => Promise<TraceView>;

/** Events of one vendor id that are traced at once: each reads the change feed. */
const MOST_TRACED = 10;

/**
 * Where an event went, source by source (an id is one event of each source). One that nothing has is looked for as the id
 * that its vendor knows.
 */
export function createTrace(warehouse: Warehouse, log: EventLog, config: KenalConfig): Trace {
  const stagesOf = createStagesOf(log);
  const sourcesOf = new Map(config.workspaces.map(({ id, sources }) => [id, sources]));

  return async (workspace, messageId, only) => {
    const known: readonly TracedSource[] = sourcesOf.get(workspace) ?? [];
    const named = known.filter(({ id }) => id === only);
    const sources = only === undefined ? known : named.length > 0 ? named : [{ id: only }];
    const look = (ids: readonly string[]): Promise<TracedRows> =>
      tracedRows(
        warehouse,
        workspace,
        ids,
        sources.map(({ id }) => id),
      );
    const found = await look([messageId]);
    const own = eventsIn(found);
    if (own.length > 0) {
      const traces = own.map((event) => traceOf(workspace, event, found, stagesOf));
      return { messageId, foundBy: 'message_id', others: [], more: false, traces: await Promise.all(traces) };
    }
    const events = await findByVendorId(warehouse, workspace, messageId, sources);
    if (events.length === 0) throw new KenalError('not_found', nothingOf(messageId));
    const first = events.slice(0, MOST_TRACED);
    const ofVendor = await look(first.map((event) => event.messageId));
    return {
      ...{ messageId, foundBy: 'vendor_id', more: events.length > MOST_EVENTS },
      others: events.slice(MOST_TRACED, MOST_EVENTS),
      traces: await Promise.all(first.map((event) => traceOf(workspace, event, ofVendor, stagesOf))),
    };
  };
}

function eventsIn({ rows, copies, failures }: TracedRows): readonly EventName[] {
  const byName = new Map([...rows, ...copies, ...failures].map(({ source, messageId }) => [source, messageId]));
  return [...byName]
    .map(([source, messageId]) => ({ source, messageId }))
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

function nothingOf(messageId: string): string {
  return `no event ${messageId} is stored or was refused, neither by this id nor as a vendor's own; it may still be under way, have been refused whole (401, 413, 429), or not have been sent. The id of a CloudEvent is its source, a space, and its id`;
}

async function traceOf(
  workspace: string,
  event: EventName,
  found: TracedRows,
  stagesOf: StagesOf,
): Promise<TraceView['traces'][number]> {
  const { source, messageId } = event;
  const own = <T extends EventName>(list: readonly T[]): readonly T[] =>
    list.filter((one) => one.source === source && one.messageId === messageId);
  const [row] = own(found.rows);
  const [copies, failures] = [own(found.copies), own(found.failures)];
  return {
    ...{ source, messageId },
    state: row !== undefined ? 'stored' : stateWithoutRow(copies, failures.length, own(found.kept).length > 0),
    stages: row === undefined ? [] : await stagesOf(workspace, row, copies, own(found.steps)),
    copies: copies.map(({ minute, collector, sequence, refused, stored }) => ({
      ...{ minute: formatTime(minute * 1e6), collector, sequence },
      ...{ refused: refused === 1, storedAt: timeOf(stored) },
    })),
    failures: failures.map(({ failureId, stage, code, path, reason, state, received, failed }) => ({
      ...{ failureId, stage, code, path, reason, state },
      ...{ receivedAt: formatTime(received), failedAt: formatTime(failed) },
    })),
  };
}

/** What waits longer is missing in the view `balance` too. */
const PENDING_SECONDS = 120;

/** @param isKept it has a row, which nobody is shown */
function stateWithoutRow(
  copies: readonly TracedCopy[],
  failures: number,
  isKept: boolean,
): TraceView['traces'][number]['state'] {
  const accepted = copies.filter(({ refused }) => refused === 0);
  if (accepted.length === 0) return failures === 0 ? 'hidden' : 'refused';
  if (isKept) return 'hidden';
  const last = Math.max(...accepted.map(({ minute }) => minute));
  return Date.now() / 1_000 - last < PENDING_SECONDS ? 'pending' : 'lost';
}
