import { avroPattern, createNamesErased, type NamesErased, type Needle, wordPattern } from './erased-words.ts';
import { copyBehind, type LiveCopy, listsOf } from './live-copy.ts';
import { quote } from './param-text.ts';
import type { Warehouse } from './warehouse.ts';

/** What was assigned to an identifier up to a version belongs to a person who was erased with it. */
export interface ErasedIdentifier {
  readonly workspace: string;
  /** `type:value`, normalised. */
  readonly key: string;
  /** Version of the erasure, hence microseconds. */
  readonly ver: number;
}

export const ERASED: LiveCopy = {
  durable: 'kenal.erased_identifiers',
  live: 'kenal.erased_identifiers_live',
  key: 'key',
  value: 'ver',
  seen: `joinGet('kenal.erased_identifiers_live', 'ver', toString(workspace), key)`,
};

const WRITER = { role: 'writer' } as const;

/** Store durably whom nobody may be shown any more: when it resolves, no view shows a row of theirs, and none that comes again. */
export async function applyErased(warehouse: Warehouse, erased: readonly ErasedIdentifier[]): Promise<void> {
  if (erased.length === 0) return;
  const rows = erased.flatMap(({ workspace, key, ver }) => namesOf(key).map((name) => ({ workspace, key: name, ver })));
  await warehouse.insert(ERASED.durable, rows);
  await copyBehind(warehouse, ERASED, new Set(rows.map(({ key }) => key)));
}

/** `phone:+442079460000` → also `phone#079460000`: so view `interactions` finds it, whoever wrote it with whatever prefix. */
function namesOf(key: string): readonly string[] {
  if (!key.startsWith('phone:')) return [key];
  const [number = ''] = key.split(';');
  return [key, `phone#${number.replaceAll(/[^0-9]/g, '').slice(-9)}`];
}

/** As many as ClickHouse looks for at once. */
const MOST_NEEDLES = 255;

/**
 * Hide the refused events that were received before an erasure and name an identifier of it, as a whole word. They have
 * no owner, so their bytes are searched: once when an erasure comes, and where older ones are loaded after it.
 * @param erased of one workspace; @param failures ids of the events to look at, without them all of the workspace
 */
export async function hideFailed(
  warehouse: Warehouse,
  workspace: string,
  erased: readonly ErasedIdentifier[],
  failures?: readonly string[],
): Promise<void> {
  const needles = needlesOf(erased);
  const filters =
    failures === undefined ? [''] : [...listsOf(failures)].map((ids) => `failure_id IN (${ids.join(',')}) AND`);
  for (let first = 0; first < needles.length; first += MOST_NEEDLES) {
    const some = needles.slice(first, first + MOST_NEEDLES);
    for (const filter of filters) {
      const answer = await warehouse.raw(hideSql(workspace, some, filter), WRITER);
      await answer.stream.resume().toArray();
    }
  }
}

/** Erasures of a workspace that are younger than something that was received then. @param since microseconds */
export function erasedSince(warehouse: Warehouse, workspace: string, since: number): Promise<ErasedIdentifier[]> {
  return warehouse.query<ErasedIdentifier>(
    `SELECT toString(workspace) AS workspace, key, ver FROM ${ERASED.durable} FINAL
     WHERE workspace = {workspace:String} AND ver >= {since:Int64} AND NOT startsWith(key, 'phone#')`,
    { ...WRITER, params: { workspace, since } },
  );
}

/** The same question of a text that is not in the warehouse. @param since when the oldest of them was received, microseconds */
export async function namesErased(warehouse: Warehouse, workspace: string, since: number): Promise<NamesErased> {
  return createNamesErased(needlesOf(await erasedSince(warehouse, workspace, since)));
}

function needlesOf(erased: readonly ErasedIdentifier[]): Needle[] {
  const values = new Map<string, number>();
  for (const { key, ver } of erased) {
    const value = key.slice(key.indexOf(':') + 1).toLowerCase();
    values.set(value, Math.max(values.get(value) ?? 0, ver));
  }
  return Array.from(values, ([value, ver]) => ({ value, ver }));
}

// What was said beside an event's bytes, and what somebody repaired, may name people as well. The search is quick and takes parts of words, the pattern looks again at what it found. `state_version` is the highest
// there is: a copy of the event that comes again stays hidden.
function hideSql(workspace: string, needles: readonly Needle[], filter: string): string {
  const words = needles.map(({ value }) => quote(value)).join(',');
  const patterns = needles
    .map(({ value, ver }) => `(${quote(wordPattern(value))}, ${quote(avroPattern(value))}, ${ver})`)
    .join(',');
  const own = `workspace = ${quote(workspace)}`;
  return `INSERT INTO kenal.failed_rows
    SELECT * REPLACE ('erased' AS state, toUInt64(18446744073709551615) AS state_version)
    FROM (SELECT * FROM kenal.failed_rows FINAL WHERE ${own} AND state != 'erased')
    WHERE (source, failure_id) IN (
      SELECT f.source, f.failure_id
      FROM (
        SELECT source, failure_id, received_at, body, frame, content_type FROM kenal.failed_rows FINAL
        WHERE ${own} AND ${filter} state != 'erased'
      ) AS f
      LEFT JOIN (
        SELECT source, failure_id, arrayStringConcat(groupArray(body), '\\n') AS repaired FROM kenal.failed_change_rows
        WHERE ${own} GROUP BY source, failure_id
      ) AS c ON f.source = c.source AND f.failure_id = c.failure_id
      WHERE multiSearchAnyCaseInsensitiveUTF8(concat(f.body, '\\n', f.frame, '\\n', c.repaired), [${words}])
        AND arrayExists(p -> toUnixTimestamp64Micro(f.received_at) <= p.3
          AND (match(f.body, if(position(f.content_type, 'avro') > 0, p.2, p.1))
            OR match(concat(f.frame, '\\n', c.repaired), p.1)), [${patterns}])
    )`;
}
