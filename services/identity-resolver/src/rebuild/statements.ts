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
