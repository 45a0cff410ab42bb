import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { ParamTexts } from './guard/engine.ts';
import { settingsOfUrl } from './settings.ts';
import { CODES, SqlFault } from './sql-fault.ts';

/** One request of ClickHouse's HTTP interface. */
export interface SqlRequest {
  readonly sql: string;
  /** Of `default_format` or `X-ClickHouse-Format`; a FORMAT clause wins. */
  readonly format: string;
  readonly params: ParamTexts;
  readonly settings: Readonly<Record<string, string>>;
  readonly queryId: string | null;
  /** The client asked for `enable_http_compression=1` and takes gzip. */
  readonly gzip: boolean;
}

const DEFAULT_FORMAT = 'TabSeparated';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
// `default` is what drivers send when nobody chose
const DATABASES: readonly string[] = ['', 'kenal', 'default'];

/**
 * Read a request: SQL in the body or `?query=` (both: query, line feed, body), `param_*`, settings.
 * @throws SqlFault where something about it is not allowed
 */
export function readSqlRequest(
  headers: IncomingHttpHeaders,
  query: Readonly<Record<string, unknown>>,
  body: Buffer | undefined,
): SqlRequest {
  const text = (name: string): string => (typeof query[name] === 'string' ? (query[name] as string) : '');
  const database = text('database') || header(headers, 'x-clickhouse-database');
  if (!DATABASES.includes(database)) throw SqlFault.of('UNKNOWN_DATABASE', `Database ${database} does not exist`);
  const settings = settingsOfUrl(query);
  if ('refused' in settings) throw SqlFault.refused(`the setting ${settings.refused}`);
  const parts = [text('query'), bodyText(headers, body)].filter((part) => part !== '');
  return {
    sql: parts.join('\n'),
    format: text('default_format') || header(headers, 'x-clickhouse-format') || DEFAULT_FORMAT,
    params: paramsOf(query),
    settings: settings.settings,
    queryId: queryIdOf(text('query_id') || header(headers, 'x-clickhouse-query-id')),
    gzip: isOn(text('enable_http_compression')) && header(headers, 'accept-encoding').includes('gzip'),
  };
}

// It comes back in a header
function queryIdOf(id: string): string | null {
  if (!/^[\x20-\x7e]{0,256}$/.test(id))
    throw SqlFault.of('BAD_ARGUMENTS', 'A query_id is at most 256 printable ASCII characters');
  return id === '' ? null : id;
}

function paramsOf(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!name.startsWith('param_') || typeof value !== 'string') continue;
    const bare = name.slice('param_'.length);
    if (!/^[A-Za-z_]\w{0,127}$/.test(bare)) throw SqlFault.of('BAD_ARGUMENTS', `Not a name of a parameter: ${bare}`);
    params[bare] = value;
  }
  return params;
}

function bodyText(headers: IncomingHttpHeaders, body: Buffer | undefined): string {
  if (body === undefined || body.length === 0) return '';
  const encoding = header(headers, 'content-encoding').toLowerCase();
  const limit = { maxOutputLength: MAX_BODY_BYTES };
  try {
    if (encoding === 'gzip') return gunzipSync(body, limit).toString('utf8');
    if (encoding === 'deflate') return inflateSync(body, limit).toString('utf8');
  } catch (cause) {
    throw new SqlFault(CODES.BAD_ARGUMENTS, `The body is not ${encoding}, or too large. (BAD_ARGUMENTS)`, cause);
  }
  if (encoding !== '' && encoding !== 'identity')
    throw SqlFault.of('BAD_ARGUMENTS', `Unknown Content-Encoding ${encoding}`);
  return body.toString('utf8');
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function isOn(value: string): boolean {
  return value === '1' || value === 'true';
}
