import { createInterface } from 'node:readline';
import type { RecordName } from '@kenal/contracts';
import { type Cell, cellsOf, type RecordColumn } from '@kenal/identity/linkage';
import { SAID_AT, type Warehouse } from '@kenal/warehouse';

/** A record with something to compare. */
export interface ReadRecord extends RecordName {
  /** In the order of the columns; '' where there is none. */
  readonly cells: readonly string[];
}

/** Records of one owner come together. Ends when the last was read; nothing is kept. */
export type ReadRecords = (
  workspace: string,
  columns: readonly RecordColumn[],
) => AsyncGenerator<readonly ReadRecord[]>;

/** Interactions that one question folds: some seconds and some hundred MB of the engine. */
const ROWS_A_QUESTION = 200_000;
/** Two cells at least must be there, else no two kinds of evidence can agree. */
const LEAST_CELLS = 2;
const CHUNK = 500;
const SETTINGS = { max_execution_time: 600, max_memory_usage: String(4 * 1024 ** 3) };

/** Interactions that say something of a person beyond who owns them. */
const SPEAKING = `owner != '' AND profile_id != '' AND (type = 'identify' OR length(identifiers) > 1)`;

const RECORDS = `
  SELECT owner, source,
    groupArrayIf([name, value], kind = 't') AS traits, groupArrayIf([name, value], kind = 'i') AS identifiers
  FROM
  (
    SELECT owner, source, cell.1 AS kind, cell.2 AS name, argMax(cell.3, (moment, if(cell.1 = 't', message_id, ''), cell.3)) AS value
    FROM
    (
      SELECT owner, toString(source) AS source, message_id,
        ${SAID_AT} AS moment,
        arrayConcat(
          arrayMap(t -> ('t', t.1, t.2), if(type = 'identify', JSONExtractKeysAndValuesRaw(traits), [])),
          arrayMap(i -> ('i', toString(i.1), i.2), identifiers)) AS cells
      FROM kenal.interactions
      WHERE ${SPEAKING} AND cityHash64(owner) % {shards:UInt32} = {shard:UInt32}
    )
    ARRAY JOIN cells AS cell
    GROUP BY owner, source, kind, name
  )
  GROUP BY owner, source
  ORDER BY owner, source`;

interface Line {
  readonly owner: string;
  readonly source: string;
  readonly traits: readonly (readonly [string, string])[];
  readonly identifiers: readonly (readonly [string, string])[];
}

/** Records as the warehouse knows them: of each owner and source the newest words by the caller's time. */
export function createReadRecords(warehouse: Warehouse): ReadRecords {
  return async function* readRecords(workspace, columns) {
    const counting = `SELECT count() AS n FROM kenal.interactions WHERE ${SPEAKING}`;
    const [counted] = await warehouse.query<{ n: number }>(counting, { workspace, settings: SETTINGS });
    const shards = Math.max(1, Math.ceil((counted?.n ?? 0) / ROWS_A_QUESTION));
    for (let shard = 0; shard < shards; shard += 1) {
      const params = { shards, shard };
      const answer = await warehouse.raw(RECORDS, { workspace, params, settings: SETTINGS, format: 'JSONEachRow' });
      let chunk: ReadRecord[] = [];
      for await (const line of createInterface({ input: answer.stream, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line === '') continue;
        const record = recordOf(JSON.parse(line) as Line, columns);
        if (record !== null) chunk.push(record);
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    }
  };
}

function recordOf({ owner, source, traits, identifiers }: Line, columns: readonly RecordColumn[]): ReadRecord | null {
  const cells = cellsOf(columns, traits.map(cellOf), identifiers.map(cellOf));
  if (Object.keys(cells).length < LEAST_CELLS) return null;
  return { owner, source, cells: columns.map(({ name }) => cells[name] ?? '') };
}

function cellOf([name, text]: readonly [string, string]): Cell {
  return { name, text };
}
