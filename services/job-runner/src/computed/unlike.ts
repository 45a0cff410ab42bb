import type { SegmentCondition, WorkspaceConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { type Ask, StatementFault } from './ask.ts';
import { columnValue, decimalOf, isThere } from './value-sql.ts';

export interface UnlikeDeps {
  readonly warehouse: Pick<Warehouse, 'query'>;
  readonly ask: Ask;
}

const TYPE = `SELECT type FROM system.columns WHERE database = 'kenal' AND table = {mart:String} AND name = {column:String} AND type LIKE '%String%'`;

/**
 * Segments that compare with a number what is texts alone: that never holds, and nothing else would say so.
 * @returns a sentence for each such condition; of one that cannot be asked none, for its segment says why
 */
export async function unlikeFaults(
  { warehouse, ask }: UnlikeDeps,
  { id, segments }: WorkspaceConfig,
  signal: AbortSignal,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, { where }] of Object.entries(segments))
    for (const { mart, column } of numbersAsked(where)) {
      const params = { mart: mart!, column: column! };
      // What has numbers needs no look at its rows
      if ((await warehouse.query(TYPE, { role: 'writer', params })).length === 0) continue;
      if (await isTextAlone(params.mart, params.column))
        faults.push(
          `segment.${name}: column ${column} of ${mart} is text, and is compared with a number, which never holds`,
        );
    }
  return faults;

  async function isTextAlone(mart: string, column: string): Promise<boolean> {
    const sql = `SELECT count() AS n, countIf(isNotNull(${decimalOf('value')})) AS numbers
      FROM (SELECT ${columnValue(column)} AS value FROM kenal.\`${mart}\`) WHERE ${isThere('value')}`;
    try {
      for await (const [n, numbers] of ask(id, { sql, params: {} }, signal))
        return Number(n) > 0 && Number(numbers) === 0;
    } catch (error) {
      if (!(error instanceof StatementFault)) throw error;
    }
    return false;
  }
}

/** Conditions on a column that only a number can meet. */
function numbersAsked(condition: SegmentCondition | undefined): readonly SegmentCondition[] {
  if (condition === undefined) return [];
  const { and, or, not, mart, eq, gt, gte, lt, lte } = condition;
  if (mart !== undefined) return [eq, gt, gte, lt, lte].some((to) => typeof to === 'number') ? [condition] : [];
  return [...(and ?? []), ...(or ?? []), ...(not === undefined ? [] : [not])].flatMap(numbersAsked);
}
