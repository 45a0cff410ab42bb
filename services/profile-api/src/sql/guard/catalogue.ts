import type { Engine } from './engine.ts';

/** What the engine has, and which of it readers may use. */
export interface SqlCatalogue {
  /** `database.table` of everything there is. */
  readonly tables: ReadonlySet<string>;
  readonly databases: ReadonlySet<string>;
  /** `database.table` that readers may read. */
  readonly readable: ReadonlySet<string>;
  /** Names in lower case → may be called; a name that is not here is no function of the engine. */
  readonly functions: ReadonlyMap<string, boolean>;
  /** Names in lower case. */
  readonly tableFunctions: ReadonlySet<string>;
  /** Formats of answers. */
  readonly formats: ReadonlySet<string>;
}

export const DATABASE = 'kenal';

/** Tables of `system` that drivers ask, or that hold nothing but numbers. */
export const SYSTEM_TABLES = [
  'aggregate_function_combinators',
  'columns',
  'data_type_families',
  'databases',
  'formats',
  'functions',
  'keywords',
  'numbers',
  'numbers_mt',
  'one',
  'settings',
  'table_engines',
  'table_functions',
  'tables',
  'time_zones',
  'zeros',
  'zeros_mt',
] as const;

export const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'numbers',
  'numbers_mt',
  'generateseries',
  'generate_series',
  'values',
  'zeros',
  'zeros_mt',
]);

// Categories of system.functions whose functions look only at their arguments. A category that a later engine adds is
// closed until somebody reads what it does. Not here: Dictionary, Embedded Dictionary (other tables), Introspection,
// Internal, AI (calls out), Machine Learning (models on disk), Other (a mixed bag, see below).
const CATEGORIES: ReadonlySet<string> = new Set([
  'Aggregate Functions',
  'Arithmetic',
  'Arrays',
  'Bit',
  'Bitmap',
  'Comparison',
  'Conditional',
  'Dates and Times',
  'Distance',
  'Encoding',
  'Encryption',
  'Financial',
  'Geo',
  'Geo Polygon',
  'Hash',
  'IP Address',
  'JSON',
  'Logical',
  'Map',
  'Mathematical',
  'Null',
  'NumericIndexedVector',
  'QBit',
  'Random Number',
  'Rounding',
  'String',
  'String Replacement',
  'String Search',
  'String Splitting',
  'Time Series',
  'Time Window',
  'Tuple',
  'Type Conversion',
  'URL',
  'UUID',
]);

// Of `Other` and `Internal`: what looks only at the values of its arguments, and the few answers about the session that
// drivers ask. Not here: what shows the blocks and dictionaries that workspaces share (blockNumber, blockSize,
// lowCardinalityIndices, lowCardinalityKeys, rowNumberInBlock, toColumnTypeName, dumpColumnStructure).
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['bar', 'byteSize', 'caseWithExpression', 'caseWithoutExpression', '_CAST', 'countDigits'],
  ...[
    'currentDatabase',
    'currentSchemas',
    'currentUser',
    'defaultValueOfArgumentType',
    'defaultValueOfTypeName',
    'displayName',
  ],
  ...['finalizeAggregation', 'formatReadableDecimalSize', 'formatReadableQuantity', 'formatReadableSize'],
  ...['formatReadableTimeDelta', 'getSizeOfEnumType', 'getSubcolumn', 'identity', 'ignore', 'indexHint'],
  ...['initializeAggregation', 'isConstant', 'isDecimalOverflow'],
  ...['MACNumToString', 'MACStringToNum', 'MACStringToOUI', 'materialize', 'minSampleSizeContinuous'],
  ...['minSampleSizeConversion', 'neighbor', 'nested', 'parseReadableSize', 'parseReadableSizeOrNull'],
  ...['parseReadableSizeOrZero', 'parseTimeDelta', 'revision', 'rowNumberInAllBlocks'],
  ...['runningAccumulate', 'runningDifference', 'runningDifferenceStartingWithFirstValue'],
  ...['toTypeName', 'transform', 'variantElement', 'variantType', 'version', 'visibleWidth'],
]);
// In an open category, yet it writes to or reads from elsewhere, or only wastes time
const CLOSED: ReadonlySet<string> = new Set(['sleep', 'sleepEachRow', 'throwIf', 'chdb']);

/** What other views are made of and nobody is to read: owners and texts that name people who may be erased. */
const INNER_VIEWS: ReadonlySet<string> = new Set(['customer_day_state', 'interaction_facts']);

/** Read what there is. Cheap (three small system tables), so a migration is seen soon after. */
export async function loadCatalogue(engine: Engine): Promise<SqlCatalogue> {
  const tables = await engine.rows<{ database: string; name: string; engine: string }>(
    'SELECT database, name, engine FROM system.tables',
  );
  const functions = await engine.rows<{ name: string; target: string; category: string; own: number }>(
    `SELECT name, if(alias_to = '', name, alias_to) AS target, toString(categories) AS category,
       toUInt8(origin = 'System') AS own FROM system.functions`,
  );
  const tableFunctions = await engine.rows<{ name: string }>('SELECT name FROM system.table_functions');
  const formats = await engine.rows<{ name: string }>(
    // those that speak a server's wire protocol are not for files and answers; progress counts what workspaces share
    `SELECT name FROM system.formats WHERE is_output AND name NOT IN ('MySQLWire', 'PostgreSQLWire', 'ODBCDriver2')
       AND name NOT LIKE '%WithProgress'`,
  );
  const system = new Set<string>(SYSTEM_TABLES);
  const readable = tables.filter(({ database, name, engine }) =>
    database === DATABASE ? engine === 'View' && !INNER_VIEWS.has(name) : database === 'system' && system.has(name),
  );
  return {
    tables: new Set(tables.map(qualified)),
    databases: new Set(['system', DATABASE, ...tables.map(({ database }) => database)]),
    readable: new Set(readable.map(qualified)),
    functions: judge(functions),
    tableFunctions: new Set(tableFunctions.map(({ name }) => name.toLowerCase())),
    formats: new Set(formats.map(({ name }) => name)),
  };
}

function qualified({ database, name }: { database: string; name: string }): string {
  return `${database}.${name}`;
}

function judge(rows: readonly { name: string; target: string; category: string; own: number }[]): Map<string, boolean> {
  const categoryOf = new Map(rows.map(({ name, category }) => [name, category]));
  const verdicts = new Map<string, boolean>();
  for (const { name, target, own } of rows) {
    const open = CATEGORIES.has(categoryOf.get(target) ?? '') || FUNCTIONS.has(target);
    const allowed = own === 1 && open && !CLOSED.has(target);
    const key = name.toLowerCase();
    verdicts.set(key, allowed && (verdicts.get(key) ?? true));
  }
  return verdicts;
}
