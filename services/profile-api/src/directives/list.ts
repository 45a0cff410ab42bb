import { DIRECTIVE_KINDS, parseTime } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { nearest } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { ProfileReader } from '../profiles/reader.ts';
import type { Page } from '../profiles/timeline.ts';
import { DIRECTIVE_COLUMNS, type DirectiveRow, presentRow } from './present.ts';
import type { DirectiveView, ListQuery } from './schemas.ts';

export type ListDirectives = (workspace: string, query: ListQuery) => Promise<Page<DirectiveView>>;

const KINDS: readonly string[] = Object.values(DIRECTIVE_KINDS);
// The last entry of the page before: time in microseconds, id.
const placeSchema = z.tuple([z.number().int(), z.string()]);

/** The audit: what was decided, newest first, from ClickHouse. */
export function createListDirectives(warehouse: Warehouse, reader: ProfileReader): ListDirectives {
  return async function list(workspace, query) {
    const conditions: string[] = ['1'];
    const params: Record<string, unknown> = { limit: query.limit + 1 };
    const add = (condition: string, more: Readonly<Record<string, unknown>>): void => {
      conditions.push(condition);
      Object.assign(params, more);
    };
    if (query.kind !== undefined) add('kind IN {kinds:Array(String)}', { kinds: kindsOf(query.kind) });
    if (query.actor !== undefined)
      add('positionCaseInsensitiveUTF8(actor, {actor:String}) > 0', { actor: query.actor });
    if (query.since !== undefined)
      add("issued_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')", { since: microsOf(query.since) });
    if (query.identifier !== undefined) {
      const key = await keyOf(reader, workspace, query.identifier);
      add(
        '(profile_id = {ref:String} OR owner IN {keys:Array(String)} OR arrayExists(pair -> pair.1 IN {keys:Array(String)} OR pair.2 IN {keys:Array(String)}, kenal.directives.pairs))',
        {
          ref: query.identifier,
          keys: key === null ? [] : [key],
        },
      );
    }
    if (query.cursor !== undefined) {
      const [at, after] = readCursor(placeSchema, query.cursor);
      add("(issued_at, directive_id) < (fromUnixTimestamp64Micro({at:Int64}, 'UTC'), {after:String})", { at, after });
    }
    const rows = await warehouse.query<DirectiveRow>(
      `SELECT ${DIRECTIVE_COLUMNS} FROM kenal.directives WHERE ${conditions.join(' AND ')}
       ORDER BY issued_at DESC, directive_id DESC LIMIT {limit:UInt32}`,
      { workspace, params },
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return { items: page.map(presentRow), cursor: more ? writeCursor([last.issued, last.directive_id]) : null };
  };
}

// A profile id that leads nowhere any more (erased) still names its own directives
async function keyOf(reader: ProfileReader, workspace: string, ref: string): Promise<string | null> {
  try {
    return await reader.normalised(workspace, ref);
  } catch (error) {
    if (isKenalError(error, 'not_found')) return null;
    throw error;
  }
}

function kindsOf(text: string): string[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown === undefined) return kinds;
  const meant = nearest(unknown, KINDS);
  throw new KenalError(
    'bad_query',
    `there is no kind ${unknown}${meant === null ? '' : `, did you mean ${meant}?`}; there are ${KINDS.join(', ')}`,
  );
}

function microsOf(text: string): number {
  const at = parseTime(text);
  if (at === null) throw new KenalError('bad_query', `since is not a time: ${JSON.stringify(text)}`);
  return at;
}
