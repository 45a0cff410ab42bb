import { formatTime, jsonPart } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { ProfileReader } from './reader.ts';
import type { foundProfile, SearchQuery } from './search-schemas.ts';
import type { Page } from './timeline.ts';

export type FoundProfile = z.infer<typeof foundProfile>;
export type Search = (workspace: string, query: SearchQuery) => Promise<Page<FoundProfile>>;

interface FoundRow {
  readonly profile_id: string;
  readonly version: number;
  readonly traits_text: string;
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
  readonly interactions: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly changed: number;
}

const placeSchema = z.tuple([z.number().int(), z.string()]);
const DIGITS_OF_A_PHONE = 4;

/**
 * Profiles in which each word is a part of a trait, an identifier or the id (letters of any case). A word that looks like
 * a phone number also finds numbers written otherwise. Only the profiles of the page are folded with their interactions.
 */
export function createSearch(warehouse: Warehouse, reader: ProfileReader): Search {
  return async (workspace, query) => {
    const words = query.query.split(/\s+/);
    const params: Record<string, unknown> = { limit: query.limit + 1 };
    const conditions = words.map((word, i) => {
      params[`word${i}`] = word;
      return `positionCaseInsensitiveUTF8(hay, {word${i}:String}) > 0`;
    });
    // The whole text as one identifier or id: `(201) 555-0123`, `Ann.Lee+x@gmail.com`, an id that was merged away
    const exact = await exactly(reader, workspace, query.query);
    params.exact = exact;
    const matches = `((${conditions.join(' AND ')}) OR has({exact:Array(String)}, p.profile_id))`;
    let after = '';
    if (query.cursor !== undefined) {
      const [changed, id] = readCursor(placeSchema, query.cursor);
      after = `AND (changed, p.profile_id) < ({changed:Int64}, {after:String})`;
      Object.assign(params, { changed, after: id });
    }
    const rows = await warehouse.query<FoundRow>(pageSql(matches, after), { workspace, params });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return { items: page.map(present), cursor: more ? writeCursor([last.changed, last.profile_id]) : null };
  };
}

// The limit stands inside, so that interactions are counted for the profiles of the page only.
function pageSql(matches: string, after: string): string {
  return `WITH page AS (
    SELECT p.profile_id AS profile_id, p.version AS version, toString(p.traits) AS traits_text, p.identifiers AS identifiers,
      toUnixTimestamp64Micro(p.changed_at) AS changed,
      concat(p.profile_id, ' ', traits_text, ' ', arrayStringConcat(arrayMap(i -> concat(i.1, ':', i.2), p.identifiers), ' ')) AS hay
    FROM kenal.profiles AS p WHERE ${matches} ${after}
    ORDER BY changed DESC, p.profile_id DESC LIMIT {limit:UInt32})
  SELECT page.profile_id AS profile_id, version, traits_text, identifiers, changed, s.interactions AS interactions,
    if(s.interactions = 0, NULL, s.first) AS first, if(s.interactions = 0, NULL, s.last) AS last
  FROM page LEFT JOIN (
    SELECT profile_id, count() AS interactions, toUnixTimestamp64Micro(min(occurred_at)) AS first,
      toUnixTimestamp64Micro(max(occurred_at)) AS last
    FROM kenal.interactions WHERE profile_id IN (SELECT profile_id FROM page) GROUP BY profile_id
  ) AS s ON s.profile_id = page.profile_id
  ORDER BY changed DESC, profile_id DESC`;
}

async function exactly(reader: ProfileReader, workspace: string, text: string): Promise<string[]> {
  const refs = [text];
  if (text.includes('@')) refs.push(`email:${text}`);
  if (text.replace(/\D/g, '').length >= DIGITS_OF_A_PHONE) refs.push(`phone:${text}`);
  const found = await Promise.all(refs.map((ref) => reader.search(workspace, ref)));
  return found.flatMap((profile) => (profile === null ? [] : [profile.id]));
}

function present(row: FoundRow): FoundProfile {
  return {
    id: row.profile_id,
    version: row.version,
    traits: jsonPart(row.traits_text),
    identifiers: [...row.identifiers],
    interactions: row.interactions,
    firstSeen: row.first === null ? null : formatTime(row.first),
    lastSeen: row.last === null ? null : formatTime(row.last),
  };
}
