import type { Warehouse } from '@kenal/warehouse';

type Params = Readonly<Record<string, unknown>>;

/** The warehouse, narrowed to what the guard asks. No workspace is set: views are empty here. */
export interface Engine {
  rows<T>(sql: string, params?: Params): Promise<readonly T[]>;
  /** Lines of an explanation, as they are. */
  lines(sql: string, params: Params): Promise<readonly string[]>;
}

export function engineOf(warehouse: Warehouse): Engine {
  return {
    rows: (sql, params = {}) => warehouse.query(sql, { params }),
    lines: async (sql, params) => {
      const answer = await warehouse.raw(sql, { params, format: 'TabSeparatedRaw' });
      return Buffer.concat(await answer.stream.toArray())
        .toString('utf8')
        .split('\n');
    },
  };
}
