import type { JsonValue } from '@kenal/contracts';
import type { ProfileView, SaidTrait } from '@kenal/identity';
import { SAID_AT, type Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { Page } from './timeline.ts';

export interface TraitHistoryQuery {
  readonly limit: number;
  /** Of one trait only. */
  readonly trait?: string | undefined;
  readonly cursor?: string | undefined;
}

export type TraitHistory = (
  workspace: string,
  profile: ProfileView,
  query: TraitHistoryQuery,
) => Promise<Page<SaidTrait>>;

interface SaidRow {
  readonly trait: string;
  /** JSON text. */
  readonly value: string;
  readonly source: string;
  readonly message_id: string;
  readonly at: number;
}

// The last word of the page before: time in microseconds, source, message id, trait
const placeSchema = z.tuple([z.number().int(), z.string(), z.string(), z.string()]);

/** Every word that was ever said of a person's traits, from the interactions in ClickHouse, newest first. */
export function createTraitHistory(warehouse: Warehouse): TraitHistory {
  return async (workspace, profile, { limit, trait, cursor }) => {
    const params: Record<string, unknown> = { owners: profile.identifiers.map(({ key }) => key), limit: limit + 1 };
    const conditions = ["owner IN {owners:Array(String)} AND type = 'identify' AND traits != '{}'"];
    if (trait !== undefined) {
      conditions.push('trait = {trait:String}');
      params.trait = trait;
    }
    if (cursor !== undefined) {
      const [at, source, id, name] = readCursor(placeSchema, cursor);
      conditions.push('(at, source, message_id, trait) < ({at:Int64}, {source:String}, {id:String}, {name:String})');
      Object.assign(params, { at, source, id, name });
    }
    const rows = await warehouse.query<SaidRow>(
      `SELECT tupleElement(said, 1) AS trait, tupleElement(said, 2) AS value, source, message_id,
         toUnixTimestamp64Micro(${SAID_AT}) AS at
       FROM kenal.interactions ARRAY JOIN JSONExtractKeysAndValuesRaw(traits) AS said
       WHERE ${conditions.join(' AND ')}
       ORDER BY at DESC, source DESC, message_id DESC, trait DESC LIMIT {limit:UInt32}`,
      { workspace, params },
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      items: page.map((row) => saidOf(row, profile)),
      cursor: more ? writeCursor([last.at, last.source, last.message_id, last.trait]) : null,
    };
  };
}

function saidOf({ trait, value, source, message_id, at }: SaidRow, { traitDetails }: ProfileView): SaidTrait {
  const held = Object.hasOwn(traitDetails, trait) ? traitDetails[trait] : undefined;
  return {
    ...{ trait, value: JSON.parse(value) as JsonValue, source, firstAt: at, lastAt: at, messageId: message_id },
    holds: held?.source === source && held.messageId === message_id,
  };
}
