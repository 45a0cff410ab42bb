import { parseTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { INTERACTION_COLUMNS, type InteractionRow, presentRow } from './interaction-row.ts';
import type { InteractionView, TimelineQuery } from './schemas.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

export type Timeline = (
  workspace: string,
  profile: ProfileView,
  query: TimelineQuery,
) => Promise<Page<InteractionView>>;

// The last entry of the page before: time in microseconds, source, message id. Entries that come in later do not move it.
const placeSchema = z.tuple([z.number().int(), z.string(), z.string()]);

/** Interactions of a profile from ClickHouse, newest first: by its owners, so a merge shows at once. */
export function createTimeline(warehouse: Warehouse): Timeline {
  return async (workspace, profile, query) => {
    // What a revoked source brought belongs to nobody
    const conditions = ['owner IN {owners:Array(String)}', "profile_id != ''"];
    const params: Record<string, unknown> = {
      owners: profile.identifiers.map(({ key }) => key),
      limit: query.limit + 1,
    };
    const add = (condition: string, name: string, value: unknown): void => {
      conditions.push(condition);
      params[name] = value;
    };
    if (query.type !== undefined) add('type IN {types:Array(String)}', 'types', query.type.split(','));
    if (query.channel !== undefined) add('channel IN {channels:Array(String)}', 'channels', query.channel.split(','));
    if (query.name !== undefined) add('name = {name:String}', 'name', query.name);
    if (query.from !== undefined) add(`occurred_at >= ${MOMENT('from')}`, 'from', micros('from', query.from));
    if (query.to !== undefined) add(`occurred_at < ${MOMENT('to')}`, 'to', micros('to', query.to));
    if (query.cursor !== undefined) {
      const [at, source, id] = readCursor(placeSchema, query.cursor);
      conditions.push(`(occurred_at, source, message_id) < (${MOMENT('atMicros')}, {atSource:String}, {atId:String})`);
      Object.assign(params, { atMicros: at, atSource: source, atId: id });
    }
    const rows = await warehouse.query<InteractionRow>(
      `SELECT ${INTERACTION_COLUMNS} FROM kenal.interactions WHERE ${conditions.join(' AND ')}
       ORDER BY kenal.interactions.occurred_at DESC, source DESC, message_id DESC LIMIT {limit:UInt32}`,
      { workspace, params },
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      items: page.map(presentRow),
      cursor: more ? writeCursor([last.occurred, last.source, last.message_id]) : null,
    };
  };
}

const MOMENT = (name: string): string => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;

function micros(name: string, text: string): number {
  const at = parseTime(text);
  if (at === null) throw new KenalError('bad_query', `${name} is not a time: ${JSON.stringify(text)}`);
  return at;
}
