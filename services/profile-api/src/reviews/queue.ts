import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { Page } from '../profiles/timeline.ts';
import type { ReviewQuery, ReviewState } from './schemas.ts';

/** A row of kenal.link_suggestions. */
export interface Suggestion {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly source_a: string;
  readonly source_b: string;
  readonly profile_a: string;
  readonly profile_b: string;
  readonly probability: number;
  readonly weight: number;
  readonly model: string;
  /** Why they were not joined. */
  readonly doubt: string;
  /** Microseconds. */
  readonly suggested: number;
  readonly waterfall: string;
  readonly state: ReviewState;
  readonly decided: number | null;
  readonly decided_by: string;
  readonly reason: string;
}

export interface ReviewQueue {
  list(workspace: string, query: ReviewQuery): Promise<Page<Suggestion>>;
  /** @throws KenalError `not_found` */
  find(workspace: string, id: string): Promise<Suggestion>;
  /** The most likely open pair of records of two profiles; null where there is none. */
  between(workspace: string, one: string, other: string): Promise<Suggestion | null>;
}

const COLUMNS = [
  ...['id', 'a', 'b', 'source_a', 'source_b', 'profile_a', 'profile_b', 'probability', 'weight', 'model', 'doubt'],
  ...['waterfall', 'state', 'decided_by', 'reason', 'toUnixTimestamp64Micro(suggested_at) AS suggested'],
  'toUnixTimestamp64Micro(decided_at) AS decided',
].join(', ');

// The last entry of the page before: weight, id.
const placeSchema = z.tuple([z.number(), z.string()]);

/** The most likely pairs first: those that are quickly decided. */
export function createReviewQueue(warehouse: Warehouse): ReviewQueue {
  return {
    async list(workspace, { state, cursor, limit }) {
      const conditions = ['1'];
      const params: Record<string, unknown> = { limit: limit + 1 };
      if (state !== 'all') {
        conditions.push('state = {state:String}');
        params.state = state;
      }
      if (cursor !== undefined) {
        const [weight, id] = readCursor(placeSchema, cursor);
        conditions.push('(weight, id) < ({weight:Float64}, {id:String})');
        Object.assign(params, { weight, id });
      }
      const rows = await warehouse.query<Suggestion>(
        `SELECT ${COLUMNS} FROM kenal.link_suggestions WHERE ${conditions.join(' AND ')}
         ORDER BY weight DESC, id DESC LIMIT {limit:UInt32}`,
        { workspace, params },
      );
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const isMore = rows.length > limit && last !== undefined;
      return { items, cursor: isMore ? writeCursor([last.weight, last.id]) : null };
    },
    async find(workspace, id) {
      const sql = `SELECT ${COLUMNS} FROM kenal.link_suggestions WHERE id = {id:String}`;
      const [row] = await warehouse.query<Suggestion>(sql, { workspace, params: { id } });
      if (row === undefined)
        throw new KenalError('not_found', `no pair ${id} is in the review queue; GET /v1/reviews lists them`);
      return row;
    },
    async between(workspace, one, other) {
      const sql = `SELECT ${COLUMNS} FROM kenal.link_suggestions
        WHERE state = 'open' AND (profile_a, profile_b) IN (({one:String}, {other:String}), ({other:String}, {one:String}))
        ORDER BY weight DESC, id DESC LIMIT 1`;
      const [row] = await warehouse.query<Suggestion>(sql, { workspace, params: { one, other } });
      return row ?? null;
    },
  };
}
