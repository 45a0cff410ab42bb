import { KenalError } from '@kenal/errors';
import { isSqlError, type Warehouse } from '@kenal/warehouse';
import { eachLine } from './lines.ts';
import type { Statement } from './statement.ts';

/** Rows as arrays of their columns. */
export type Ask = (workspace: string, statement: Statement, signal: AbortSignal) => AsyncIterable<readonly unknown[]>;

/** Of what the engine says of a statement. */
const LONGEST = 300;
const FORMAT = 'JSONCompactEachRow';
/** For questions of our own, which go over everybody. */
const LIMITS = {
  max_execution_time: 900,
  max_memory_usage: String(4 * 1024 ** 3),
  max_bytes_before_external_sort: String(1024 ** 3),
  max_bytes_before_external_group_by: String(1024 ** 3),
};

/** Asks the warehouse, as a reader of the workspace. @throws StatementFault where the engine cannot answer */
export function createAskWarehouse(warehouse: Pick<Warehouse, 'raw'>): Ask {
  return async function* ask(workspace, { sql, params }, signal) {
    const options = {
      workspace,
      role: 'analyst',
      format: FORMAT,
      urlParams: params,
      settings: LIMITS,
      signal,
    } as const;
    try {
      yield* eachRow((await warehouse.raw(sql, options)).stream);
    } catch (cause) {
      throw isSqlError(cause) ? faultOf(cause.exception, cause) : cause;
    }
  };
}

/**
 * Asks the SQL endpoint, with all that keeps readers apart and within limits: for statements of kenal.yaml.
 * @param keyFor a key that opens the workspace
 * @throws StatementFault where the statement is at fault, KenalError `unavailable` where nobody answers
 */
export function createAskEndpoint(url: string, keyFor: (workspace: string) => string): Ask {
  const root = url.replace(/\/+$/, '');
  return async function* ask(workspace, { sql, params }, signal) {
    const query = new URLSearchParams({ default_format: FORMAT });
    for (const [name, text] of Object.entries(params)) query.set(`param_${name}`, text);
    const headers = { authorization: `Bearer ${keyFor(workspace)}` };
    try {
      const answer = await fetch(`${root}/v1/sql?${query}`, { method: 'POST', headers, body: sql, signal });
      if (!answer.ok) throw refusal(answer.status, await answer.text());
      yield* eachRow(answer.body ?? []);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof KenalError || cause instanceof StatementFault) throw cause;
      throw new KenalError('unavailable', `the SQL endpoint at ${root} does not answer`, { cause });
    }
  };
}

/** A statement that cannot be answered; the message is the engine's: `Code: 60. DB::Exception: Unknown table …` */
export class StatementFault extends Error {}

function refusal(status: number, text: string): Error {
  const said = text.trim().split('\n')[0] ?? '';
  const isAtFault = said.startsWith('Code:') && status !== 429 && status !== 503;
  if (!isAtFault) return new KenalError('unavailable', `the SQL endpoint answered ${status}: ${said}`);
  return faultOf(said);
}

function faultOf(said: string, cause?: unknown): StatementFault {
  return new StatementFault(said.length > LONGEST ? `${said.slice(0, LONGEST)} …` : said, { cause });
}

async function* eachRow(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<readonly unknown[]> {
  for await (const line of eachLine(bytes)) yield JSON.parse(line) as readonly unknown[];
}
