import type { Warehouse } from '@kenal/warehouse';

type Params = Readonly<Record<string, unknown>>;
/** Values of `{name:Type}` as ClickHouse's HTTP interface carries them, e.g. `it\\'s`, `['a','b']`, `\\N`. */
export type ParamTexts = Readonly<Record<string, string>>;

/** The warehouse, narrowed to what the guard asks. No workspace is set: views are empty here. */
export interface Engine {
  rows<T>(sql: string, params?: Params): Promise<readonly T[]>;
  /** Lines of an explanation, as they are. */
  lines(sql: string, params: ParamTexts): Promise<readonly string[]>;
}

export function engineOf(warehouse: Warehouse): Engine {
  return {
    rows: (sql, params = {}) => warehouse.query(sql, { params }),
    lines: async (sql, params) => {
      const answer = await warehouse.raw(sql, { settings: paramSettings(params), format: 'TabSeparatedRaw' });
      return Buffer.concat(await answer.stream.toArray())
        .toString('utf8')
        .split('\n');
    },
  };
}

/**
 * Parameters go beside the settings, as they do in a URL: how their text is escaped depends on their type, which only the
 * engine knows, so they are handed on as they came.
 */
export function paramSettings(params: ParamTexts): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [`param_${name}`, text]));
}
