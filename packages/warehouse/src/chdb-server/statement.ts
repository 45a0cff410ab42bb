import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KenalError } from '@kenal/errors';
import { HTTP_ONLY } from '../chdb/chdb-connection.ts';
import type { NativeRequest } from '../chdb/guarded-session.ts';
import { parseInsert } from '../chdb/insert-statement.ts';
import { roleOf } from '../chdb/request-role.ts';
import { outputFormat } from '../output-format.ts';
import type { Role } from '../warehouse.ts';

/** One request of ClickHouse's HTTP interface, read. */
export interface Statement {
  readonly request: NativeRequest;
  readonly role: Role;
  readonly queryId: string | null;
  /** Format of the answer. */
  readonly format: string;
}

const MOST_BODY_BYTES = 512 * 1024 * 1024;
// Names in the URL that are neither settings nor parameters.
const OWN_NAMES = new Set([
  ...['query', 'query_id', 'database', 'user', 'password', 'session_id', 'session_timeout', 'session_check'],
  ...['role', 'quota_key', 'compress', 'decompress', 'stacktrace', 'buffer_size'],
]);
const READS = /^\s*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*\(*\s*(?:SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS)\b/i;
const INSERTS = /^\s*INSERT\s/i;

/** @throws KenalError `bad_encoding`, `body_too_large` */
export async function readStatement(message: IncomingMessage, url: URL): Promise<Statement> {
  let body = await readBody(message);
  const fields = new Map(url.searchParams);
  const type = message.headers['content-type'];
  if (type?.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) if (typeof value === 'string') fields.set(name, value);
    body = Buffer.alloc(0);
  }
  const query = fields.get('query') ?? '';
  const insert = query !== '' && body.length > 0 ? insertOf(query, body) : null;
  // A statement may stand in the URL, in the body, or begin in one and go on in the other
  const sql = insert ? '' : [query, body.toString('utf8')].filter((part) => part !== '').join('\n');
  const header = message.headers['x-clickhouse-format'];
  const fallback = fields.get('default_format') ?? (typeof header === 'string' ? header : 'TabSeparated');
  const settings = settingsOf(fields);
  return {
    request: {
      sql,
      format: fallback,
      settings,
      params: paramsOf(fields),
      database: fields.get('database') ?? headerOf(message, 'x-clickhouse-database') ?? 'kenal',
      ...(insert ? { insert } : {}),
    },
    role: roleOf({
      readonly: Number(fields.get('readonly') ?? 0) > 0 || READS.test(sql) ? 1 : 0,
      priority: fields.get('priority'),
    }),
    queryId: fields.get('query_id') ?? null,
    format: outputFormat(sql) ?? fallback,
  };
}

function insertOf(query: string, rows: Buffer): NativeRequest['insert'] | null {
  const target = INSERTS.test(query) ? parseInsert(query) : null;
  return target ? { target, rows } : null;
}

function settingsOf(fields: ReadonlyMap<string, string>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of fields)
    if (!OWN_NAMES.has(name) && !HTTP_ONLY.has(name) && !name.startsWith('param_')) settings[name] = value;
  return settings;
}

function paramsOf(fields: ReadonlyMap<string, string>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of fields) if (name.startsWith('param_')) params[name.slice('param_'.length)] = value;
  return params;
}

function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw new KenalError('body_too_large', `at most ${MOST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  const encoding = message.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || body.length === 0) return body;
  if (encoding !== 'gzip') throw new KenalError('bad_encoding', `${encoding} is not known here, gzip is`);
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MOST_BODY_BYTES });
  } catch (cause) {
    throw new KenalError('bad_encoding', 'the body is not gzip, or too large', { cause });
  }
}
