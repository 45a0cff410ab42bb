import { DATABASE, type SqlCatalogue, SYSTEM_TABLES } from './guard/catalogue.ts';

/**
 * The setting `additional_table_filters`: rows of the system tables that a reader sees. It does for this query what row
 * policies do on a server, and works in chDB too; SHOW TABLES and DESCRIBE are rewritten by the engine to the same tables.
 * @returns a map literal of ClickHouse, e.g. `{'system.tables': 'database = …'}`
 */
export function tableFilters(catalogue: SqlCatalogue): string {
  const views = [...catalogue.readable].filter((name) => name.startsWith(`${DATABASE}.`));
  const own = list(views.map((name) => name.slice(DATABASE.length + 1)));
  const system = list(SYSTEM_TABLES);
  const tables = (column: string): string =>
    `(database = '${DATABASE}' AND ${column} IN (${own})) OR (database = 'system' AND ${column} IN (${system}))`;
  const filters: Readonly<Record<string, string>> = {
    'system.databases': `name IN ('${DATABASE}', 'system')`,
    'system.tables': tables('name'),
    'system.columns': tables('table'),
    'system.settings': `name NOT IN ('additional_table_filters')`,
  };
  return `{${Object.entries(filters)
    .map(([table, filter]) => `${quoted(table)}: ${quoted(filter)}`)
    .join(', ')}}`;
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
