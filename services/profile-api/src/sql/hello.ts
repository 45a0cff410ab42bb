import { Readable } from 'node:stream';
import type { RawAnswer } from '@kenal/warehouse';
import type { SqlRequest } from './request.ts';

/** The first query of Go's driver over HTTP, by which it learns what the server is. */
const HELLO = /^\s*SELECT\s+displayName\(\),\s*version\(\),\s*revision\(\),\s*timezone\(\)\s*;?\s*$/i;
const FIRST_REVISION_WITH_SERIALIZATION_KINDS = 54_454;
const DISPLAY_NAME = 'kenal';

/** Is it the hello of a client that would read Native in the form of its own protocol revision? */
export function isHello({ sql, format, revision }: Pick<SqlRequest, 'sql' | 'format' | 'revision'>): boolean {
  return revision > 0 && format === 'Native' && HELLO.test(sql);
}

/** What to ask instead. */
export const HELLO_SQL = 'SELECT version(), timezone()';

/**
 * Answer in the form of the client's revision that ours is 0: what comes after is then read as plain Native, which is all
 * that the engine writes for us.
 * @param told the answer to {@link HELLO_SQL} as TabSeparated
 */
export async function answerHello(told: RawAnswer, revision: number): Promise<RawAnswer> {
  const text = Buffer.concat(await told.stream.toArray()).toString('utf8');
  const [version = '', timezone = ''] = text.trimEnd().split('\t');
  const kind = revision >= FIRST_REVISION_WITH_SERIALIZATION_KINDS ? [0] : [];
  const column = (name: string, type: string, value: Buffer): Buffer[] => [
    ...[short(name), short(type), Buffer.from(kind), value],
  ];
  // Block info (1: no overflow, 2: no bucket, 0: end), 4 columns, 1 row
  const head = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 4, 1]);
  const block = Buffer.concat([
    head,
    ...column('displayName()', 'String', short(DISPLAY_NAME)),
    ...column('version()', 'String', short(version)),
    ...column('revision()', 'UInt32', Buffer.alloc(4)),
    ...column('timezone()', 'String', short(timezone)),
  ]);
  return { ...told, format: 'Native', stream: Readable.from([block], { objectMode: false }) };
}

/** A text of fewer than 128 bytes, behind its length. */
function short(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
