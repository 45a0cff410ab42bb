import { call } from './call.ts';
import type { Instance } from './instance.ts';
import { addressOf, findSource, type SourceShown } from './sources.ts';
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
  readonly last: number;
}

const COLUMNS =
  "if(body = original_body, '', lower(hex(SHA256(original_body)))) AS original, " +
  'failure_id, source, message_id, stage, code, path, reason, state, received_at, failed_at, content_type, frame, changed_at, changed_by, note';

/** Failed events, the oldest first: the order in which they are sent again. */
export async function listFailed(instance: Instance, query: FailedQuery, withBody: boolean): Promise<FailedShown[]> {
  const { ids = [], source = '', code = '', states, last } = query;
  const body = withBody ? ', base64Encode(body) AS body' : ", '' AS body";
  const sql = `SELECT ${COLUMNS}${body} FROM failed_events AS f
    WHERE (empty({ids:Array(String)}) OR failure_id IN {ids:Array(String)}) AND ({source:String} = '' OR source = {source:String})
      AND ({code:String} = '' OR code = {code:String}) AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
    ORDER BY received_at DESC, failure_id DESC LIMIT {last:UInt32}`;
  const list = (texts: readonly string[]): string =>
    `[${texts.map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(',')}]`;
  const rows = await sqlRows<FailedShown>(instance, sql, {
    ...{ source, code, ids: list(ids), states: list(states), last: String(last) },
  });
  return rows.reverse();
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

/** Says what becomes of failed events; sources are looked up once. */
export function createFailedCaller(instance: Instance) {
  const sources = new Map<string, Promise<SourceShown>>();
  return async function decide(
    verb: FailedVerb,
    event: FailedShown,
    said: { readonly note?: string | undefined; readonly actor?: string | undefined },
  ): Promise<FailedAnswer> {
    const source = sources.get(event.source) ?? findSource(instance, event.source);
    sources.set(event.source, source);
    const { failure_id: failureId, content_type: contentType, body, frame, original } = event;
    const receivedAt = `${event.received_at.replace(' ', 'T')}Z`;
    const reply = await call(`${addressOf(instance, await source)}/failed/${verb}`, {
      key: instance.stewardKey(),
      body: JSON.stringify({ failureId, contentType, receivedAt, frame, body, original, ...said }),
      headers: { 'content-type': 'application/json' },
    });
    return (await reply.json()) as FailedAnswer;
  };
}
