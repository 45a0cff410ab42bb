import type { Warehouse } from '@kenal/warehouse';

/** Run a statement that writes. Params stand in it as `{name:Type}`. */
export async function execute(
  warehouse: Warehouse,
  sql: string,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await warehouse.raw(sql, { role: 'writer', params });
  await answer.stream.resume().toArray();
}

/**
 * Read page by page; while one is worked on the next one is read.
 * @param read the rows after a given one, at most `size`
 */
export async function* eachPage<Row>(
  size: number,
  read: (last: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let next: Promise<readonly Row[]> | null = read(undefined);
  while (next !== null) {
    const page: readonly Row[] = await next;
    next = page.length < size ? null : read(page.at(-1));
    next?.catch(() => undefined); // told when its turn comes, or to nobody where the reader has stopped
    if (page.length > 0) yield page;
  }
}

/** Rows of one source between two ids: `source = {source} AND message_id > {after} AND ({upTo} = '' OR message_id <= {upTo})`. */
export interface RowRange {
  readonly source: string;
  readonly after: string;
  /** '' = to the end. */
  readonly upTo: string;
}

/** What holds for the rows of a range, given its parts and the workspace as params. */
export const IN_RANGE = `workspace = {workspace:String} AND source = {source:String} AND message_id > {after:String}
  AND ({upTo:String} = '' OR message_id <= {upTo:String})`;

/** All rows of a workspace, so many at a time, for statements of bounded memory and time. */
export async function* eachRange(
  warehouse: Warehouse,
  table: string,
  workspace: string,
  rows: number,
): AsyncGenerator<RowRange> {
  const sources = await warehouse.query<{ source: string }>(
    `SELECT DISTINCT source FROM ${table} WHERE workspace = {workspace:String}`,
    { params: { workspace } },
  );
  const endSql = `SELECT message_id AS id FROM ${table}
    WHERE workspace = {workspace:String} AND source = {source:String} AND message_id > {after:String}
    ORDER BY message_id LIMIT 1 OFFSET ${rows}`;
  for (const { source } of sources) {
    for (let after = '', upTo = 'x'; upTo !== ''; after = upTo) {
      const params = { workspace, source, after };
      const [last] = await warehouse.query<{ id: string }>(endSql, { params, role: 'writer' });
      upTo = last?.id ?? '';
      yield { source, after, upTo };
    }
  }
}
