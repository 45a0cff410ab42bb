import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { readBlocks } from './blocks/compressed-blocks.ts';
import { type Coding, codingOf } from './coding.ts';
import { readForm } from './form.ts';
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
  /** The answer may come in pieces, so that it can fail half-way; not where `wait_end_of_query=1`. */
  readonly inPieces: boolean;
  /** `client_protocol_version`: the revision of the native protocol that the client would like to speak; 0: none. */
  readonly revision: number;
}

/** How the answer, also an error, goes over the wire. */
export interface SqlWire {
  /** `compress=1`: in blocks of ClickHouse's own. */
  readonly inBlocks: boolean;
  readonly coding: Coding | null;
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_FORMAT = 'TabSeparated';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
// `default` is what drivers send when nobody chose
const DATABASES: readonly string[] = ['', 'kenal', 'default'];

/** What of the URL decides how to answer, whatever else is wrong with the request. */
export function readWire(headers: IncomingHttpHeaders, query: Fields): SqlWire {
  const wanted = textOf(query, 'enable_http_compression');
  const inBlocks = isOn(textOf(query, 'compress'));
  return {
    inBlocks,
    // Old Java drivers say that they take lz4 when they mean the blocks
    coding: !inBlocks && (wanted === '' || isOn(wanted)) ? codingOf(header(headers, 'accept-encoding')) : null,
  };
}

/**
 * Read a request: SQL in the body or `?query=` (both: query, line feed, body), `param_*`, settings; or all of it in a
 * multipart form, whose fields win.
 * @throws SqlFault where something about it is not allowed
 */
export async function readSqlRequest(
  headers: IncomingHttpHeaders,
  query: Fields,
  body: Buffer | undefined,
): Promise<SqlRequest> {
  const plain = bodyBytes(headers, isOn(textOf(query, 'decompress')), body);
  const form = await readForm(header(headers, 'content-type'), plain);
  const fields: Fields = { ...query, ...form };
  const text = (name: string): string => textOf(fields, name);
  const database = text('database') || header(headers, 'x-clickhouse-database');
  if (!DATABASES.includes(database)) throw SqlFault.of('UNKNOWN_DATABASE', `Database ${database} does not exist`);
  const settings = settingsOfUrl(fields);
  if ('refused' in settings) throw SqlFault.refused(`the setting ${settings.refused}`);
  const parts = [text('query'), form === null ? plain.toString('utf8') : ''].filter((part) => part !== '');
  return {
    sql: parts.join('\n'),
    format: text('default_format') || header(headers, 'x-clickhouse-format') || DEFAULT_FORMAT,
    params: paramsOf(fields),
    settings: settings.settings,
    queryId: queryIdOf(text('query_id') || header(headers, 'x-clickhouse-query-id')),
    inPieces: !isOn(text('wait_end_of_query')) && !isOn(text('http_wait_end_of_query')),
    revision: Number(text('client_protocol_version')) || 0,
  };
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

// It comes back in a header
function queryIdOf(id: string): string | null {
  if (!/^[\x20-\x7e]{0,256}$/.test(id))
    throw SqlFault.of('BAD_ARGUMENTS', 'A query_id is at most 256 printable ASCII characters');
  return id === '' ? null : id;
}

function paramsOf(fields: Fields): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith('param_') || typeof value !== 'string') continue;
    const bare = name.slice('param_'.length);
    if (!/^[A-Za-z_]\w{0,127}$/.test(bare)) throw SqlFault.of('BAD_ARGUMENTS', `Not a name of a parameter: ${bare}`);
    params[bare] = value;
  }
  return params;
}

const DECODERS: Readonly<Record<string, (body: Buffer, limit: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** The body as it was before the HTTP layer and, inside of that, `decompress=1` packed it. */
function bodyBytes(headers: IncomingHttpHeaders, inBlocks: boolean, body: Buffer | undefined): Buffer {
  if (body === undefined || body.length === 0) return Buffer.alloc(0);
  const coding = header(headers, 'content-encoding').toLowerCase();
  const decode = coding === '' || coding === 'identity' ? null : (DECODERS[coding] ?? undefined);
  if (decode === undefined) throw SqlFault.of('BAD_ARGUMENTS', `Unknown Content-Encoding ${coding}`);
  try {
    const plain = decode === null ? body : decode(body, { maxOutputLength: MAX_BODY_BYTES });
    return inBlocks ? readBlocks(plain, MAX_BODY_BYTES) : plain;
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new SqlFault(
        CODES.QUERY_IS_TOO_LARGE,
        `The body is over ${MAX_BODY_BYTES} bytes unpacked. (QUERY_IS_TOO_LARGE)`,
        cause,
      );
    const what = cause instanceof RangeError && inBlocks ? `in blocks (${cause.message})` : coding;
    throw new SqlFault(CODES.BAD_ARGUMENTS, `The body is not ${what}. (BAD_ARGUMENTS)`, cause);
  }
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function isOn(value: string): boolean {
  return value === '1' || value === 'true';
}
