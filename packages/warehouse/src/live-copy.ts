import { quote } from './param-text.ts';
import type { Warehouse } from './warehouse.ts';

/** A small durable table and its copy in memory, which the views ask row by row (`joinGet`). */
export interface LiveCopy {
  /** `kenal.profile_overrides`, of (workspace, key column …, ver); the highest `ver` of a key holds. */
  readonly durable: string;
  /** `kenal.profile_overrides_live`, of engine Join; takes the last row of a key, and is empty after a restart. */
  readonly live: string;
  /** Column of both that is the key beside the workspace. */
  readonly key: string;
  /** What of a durable row stands in the copy beside workspace and key. */
  readonly value: string;
  /** Version in the copy of the key of a durable row, 0 where it has none. */
  readonly seen: string;
}

const WRITER = { role: 'writer' } as const;

/**
 * Bring keys into the copy that are missing there, or older than the durable ones. The copy takes the last row, so it is fed
 * from the durable table, and again as long as somebody else was quicker with an older one.
 * @param keys only these; without them all
 * @returns how many were behind
 */
export async function copyBehind(warehouse: Warehouse, copy: LiveCopy, keys?: ReadonlySet<string>): Promise<number> {
  if (keys === undefined) return copyWhere(warehouse, copy, '');
  let mended = 0;
  for (const list of listsOf(keys))
    mended += await copyWhere(warehouse, copy, `${copy.key} IN (${list.join(',')}) AND `);
  return mended;
}

async function copyWhere(warehouse: Warehouse, copy: LiveCopy, filter: string): Promise<number> {
  const { durable, live, key, value, seen } = copy;
  const behind = `${filter}${seen} < ver`;
  let mended = 0;
  for (let round = 0; round < 5; round++) {
    const [row] = await warehouse.query<{ n: number }>(
      `SELECT count() AS n FROM ${durable} FINAL WHERE ${behind}`,
      WRITER,
    );
    if (!row?.n) break;
    mended = Math.max(mended, row.n);
    // The rows are read in full before any is written: joinGet and the insert lock the same table.
    const answer = await warehouse.raw(
      `INSERT INTO ${live} SELECT workspace, ${key}, ${value} FROM ${durable} FINAL WHERE ${behind}`,
      WRITER,
    );
    await answer.stream.resume().toArray();
  }
  return mended;
}

/** Whether the schema has both tables. */
export async function isThere(warehouse: Warehouse, { durable, live }: LiveCopy): Promise<boolean> {
  const names = [durable, live].map((name) => `'${name.split('.')[1]}'`);
  const tables = await warehouse.query(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND name IN (${names.join(',')})`,
    WRITER,
  );
  return tables.length === names.length;
}

// In the text of the statement, not as a parameter: parameters go into the URL, which every server bounds (Node 16 KB,
// ClickHouse 1 MB), and a list that does not fit fails again at each try. ClickHouse reads statements up to 256 KB.
const MOST_LIST_CHARS = 50_000;

/** Texts as literals, in lists that fit into a statement. */
export function* listsOf(texts: Iterable<string>): Generator<string[]> {
  let list: string[] = [];
  let chars = 0;
  for (const text of texts) {
    const literal = quote(text);
    if (chars + literal.length > MOST_LIST_CHARS && list.length > 0) {
      yield list;
      list = [];
      chars = 0;
    }
    list.push(literal);
    chars += literal.length + 1;
  }
  if (list.length > 0) yield list;
}
