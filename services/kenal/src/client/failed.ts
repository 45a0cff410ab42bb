import { UsageError } from '../cli/usage-error.ts';
import { call } from './call.ts';
import type { Instance } from './instance.ts';
import { addressOf, listSources, type SourceShown } from './sources.ts';
import { sqlRows } from './sql.ts';

/** A row of the view `failed_events`. */
export interface FailedShown {
  readonly failure_id: string;
  readonly source: string;
  readonly message_id: string;
  readonly stage: string;
  readonly code: string;
  readonly path: string;
  readonly reason: string;
  readonly state: string;
  readonly received_at: string;
  readonly failed_at: string;
  readonly content_type: string;
  readonly frame: string;
  /** SHA-256 of the bytes as they came, where `body` is a repaired one; else ''. */
  readonly original: string;
  readonly changed_at: string | null;
  readonly changed_by: string;
  readonly note: string;
  /** Base64. */
  readonly body: string;
}

/** A row of the view `failed_reasons`. */
export interface ReasonShown {
  readonly source: string;
  readonly stage: string;
  readonly code: string;
  readonly path: string;
  readonly events: number;
  readonly fixed: number;
  readonly replayed: number;
  readonly dismissed: number;
  readonly last_at: string;
  readonly reason: string;
  readonly failure_id: string;
}

export interface FailedQuery {
  readonly ids?: readonly string[];
  readonly source?: string;
  readonly code?: string;
  readonly states: readonly string[];
  /** How many at most. */
  readonly last: number;
  /** Which they are where there are more; default: the newest. */
  readonly which?: 'oldest';
}

const COLUMNS =
  "if(body = original_body, '', lower(hex(SHA256(original_body)))) AS original, " +
  'failure_id, source, message_id, stage, code, path, reason, state, received_at, failed_at, content_type, frame, changed_at, changed_by, note';

/** Failed events, the oldest first: the order in which they are sent again. */
export async function listFailed(instance: Instance, query: FailedQuery, withBody: boolean): Promise<FailedShown[]> {
  const { ids = [], source = '', code = '', states, last, which } = query;
  const order = which === 'oldest' ? 'ASC' : 'DESC';
  const body = withBody ? ', base64Encode(body) AS body' : ", '' AS body";
  const sql = `SELECT ${COLUMNS}${body} FROM failed_events AS f
    WHERE (empty({ids:Array(String)}) OR failure_id IN {ids:Array(String)}) AND ({source:String} = '' OR source = {source:String})
      AND ({code:String} = '' OR code = {code:String}) AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
    ORDER BY received_at ${order}, failure_id ${order} LIMIT {last:UInt32}`;
  const list = (texts: readonly string[]): string =>
    `[${texts.map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(',')}]`;
  const rows = await sqlRows<FailedShown>(instance, sql, {
    ...{ source, code, ids: list(ids), states: list(states), last: String(last) },
  });
  return which === 'oldest' ? rows : rows.reverse();
}

/** Ids that begin so, at most `most`. */
export async function idsBeginning(instance: Instance, start: string, most: number): Promise<readonly string[]> {
  const sql = `SELECT failure_id FROM failed_events WHERE startsWith(failure_id, {start:String}) ORDER BY failure_id LIMIT {most:UInt32}`;
  const rows = await sqlRows<Pick<FailedShown, 'failure_id'>>(instance, sql, { start, most: String(most) });
  return rows.map(({ failure_id: id }) => id);
}

export function listReasons(instance: Instance): Promise<ReasonShown[]> {
  return sqlRows<ReasonShown>(instance, 'SELECT * FROM failed_reasons ORDER BY events DESC, last_at DESC');
}

export type FailedVerb = 'check' | 'fix' | 'replay' | 'dismiss';

export interface FailedAnswer {
  readonly state?: string | null;
  readonly accepted?: number;
  readonly rejected?: readonly { readonly code: string; readonly path: string; readonly reason: string }[];
}

/** A failed event whose source takes nothing any more; says which, and what to do. */
export class ClosedSource extends UsageError {
  readonly reason: 'not_found' | 'forbidden';
  constructor(reason: 'not_found' | 'forbidden', message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Says what becomes of failed events; sources are looked up once. The decision throws ClosedSource where the event's
 * source is gone from kenal.yaml, or switched off and the event is not given up.
 */
export function createFailedCaller(instance: Instance) {
  let sources: Promise<readonly SourceShown[]> | null = null;
  return async function decide(
    verb: FailedVerb,
    event: FailedShown,
    said: { readonly note?: string | undefined; readonly actor?: string | undefined },
  ): Promise<FailedAnswer> {
    sources ??= listSources(instance);
    const source = openSource(await sources, event, verb);
    const { failure_id: failureId, content_type: contentType, body, frame, original } = event;
    const receivedAt = `${event.received_at.replace(' ', 'T')}Z`;
    const reply = await call(`${addressOf(instance, source)}/failed/${verb}`, {
      key: instance.stewardKey(),
      body: JSON.stringify({ failureId, contentType, receivedAt, frame, body, original, ...said }),
      headers: { 'content-type': 'application/json' },
    });
    return (await reply.json()) as FailedAnswer;
  };
}

/** An event is named by its source and its id, so by another source it would be another event: there is no way around. */
function openSource(sources: readonly SourceShown[], event: FailedShown, verb: FailedVerb): SourceShown {
  const { source: name } = event;
  const source = sources.find((one) => one.id === name);
  if (source === undefined)
    throw new ClosedSource(
      'not_found',
      `its source ${name} is no longer in kenal.yaml: put it back and start Kenal again; with \`enabled: false\` where the event is only to be given up (kenal failed dismiss)`,
    );
  if (source.enabled === false && verb !== 'dismiss')
    throw new ClosedSource(
      'forbidden',
      `its source ${name} is switched off in kenal.yaml: take \`enabled: false\` away and start Kenal again, or give the event up (kenal failed dismiss)`,
    );
  return source;
}
