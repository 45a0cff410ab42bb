import type { ExportFormat } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

/** @throws KenalError `sql_failed` where the statement is at fault, `unavailable` (retryable) where nobody answers or it breaks off */
export type AskRows = (
  asked: { readonly workspace: string; readonly sql: string; readonly format: ExportFormat },
  signal: AbortSignal,
) => Promise<AsyncIterable<Uint8Array>>;

const FORMATS: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSVWithNames',
  ndjson: 'JSONEachRow',
  parquet: 'Parquet',
};
const LONGEST = 300;

/** @param keyFor a key that opens the workspace */
export function createAskRows(url: string, keyFor: (workspace: string) => string): AskRows {
  const root = url.replace(/\/+$/, '');
  const away = (cause: unknown): KenalError =>
    new KenalError('unavailable', `the profile API at ${root} does not answer, or the answer broke off`, { cause });

  return async function askRows({ workspace, sql, format }, signal) {
    const query = new URLSearchParams({ default_format: FORMATS[format] });
    const headers = { authorization: `Bearer ${keyFor(workspace)}`, 'accept-encoding': 'identity' };
    const reply = await fetch(`${root}/v1/exports/rows?${query}`, { method: 'POST', headers, body: sql, signal }).catch(
      (cause: unknown) => {
        signal.throwIfAborted();
        throw away(cause);
      },
    );
    if (!reply.ok) throw refusal(reply.status, await reply.text());
    if (reply.headers.get('x-clickhouse-format') !== FORMATS[format])
      throw new KenalError('sql_failed', 'the statement has a FORMAT clause of its own; leave it out');
    return whole(reply);
  };

  async function* whole(reply: Response): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of reply.body ?? []) yield piece;
    } catch (cause) {
      throw away(cause);
    }
  }
}

function refusal(status: number, text: string): KenalError {
  const said = (text.trim().split('\n')[0] ?? '').slice(0, LONGEST);
  const isAtFault = said.startsWith('Code:') && status !== 429 && status !== 503;
  return new KenalError(isAtFault ? 'sql_failed' : 'unavailable', isAtFault ? said : `it answered ${status}: ${said}`);
}
