import { SqlFault } from '../sql-fault.ts';
import { DATABASE, type SqlCatalogue, TABLE_FUNCTIONS } from './catalogue.ts';
import type { Node } from './tree.ts';

// Node kinds of a SELECT. Whatever is not here (InsertQuery, AlterQuery, Set as a statement, ParallelWithQuery,
// ExecuteAsQuery, QueryParameter, TableOverride …) is refused, and so is what a later engine adds.
const KINDS: ReadonlySet<string> = new Set([
  ...['SelectWithUnionQuery', 'SelectIntersectExceptQuery', 'SelectQuery', 'Subquery', 'WithElement', 'ExpressionList'],
  ...['Identifier', 'TableIdentifier', 'Function', 'Literal', 'Set'],
  ...['Asterisk', 'QualifiedAsterisk', 'ColumnsRegexpMatcher', 'ColumnsListMatcher'],
  ...['QualifiedColumnsRegexpMatcher', 'QualifiedColumnsListMatcher', 'ColumnsTransformerList'],
  ...['ColumnsApplyTransformer', 'ColumnsExceptTransformer', 'ColumnsReplaceTransformer'],
  'ColumnsReplaceTransformer::Replacement',
  ...['TablesInSelectQuery', 'TablesInSelectQueryElement', 'TableExpression', 'TableJoin', 'ArrayJoin', 'SampleRatio'],
  ...['WindowDefinition', 'WindowListElement', 'OrderByElement', 'InterpolateElement'],
]);
const ROOTS: ReadonlySet<string> = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'Explain',
  'DescribeQuery',
  'ShowTables',
]);

/**
 * Every node is judged by itself: what a name means (table, column, alias) may depend on scopes, so a name is refused as soon
 * as it *could* mean something that is not for readers. Where a table stands a function is one of tables, too: `format` is
 * open among expressions only.
 * @param clauses how many SETTINGS clauses the text check understood
 * @throws SqlFault
 */
export function checkTree(nodes: readonly Node[], clauses: number, catalogue: SqlCatalogue): void {
  const root = nodes[0];
  if (root === undefined || root.depth !== 0 || !ROOTS.has(root.kind))
    throw SqlFault.refused(
      `a statement of kind ${root?.kind ?? 'unknown'}; readers may SELECT, SHOW TABLES, SHOW DATABASES, DESCRIBE and EXPLAIN`,
    );
  for (const [i, node] of nodes.entries()) {
    if (i > 0 && !KINDS.has(node.kind)) throw SqlFault.refused(`a statement with ${node.kind}`);
    if (node.kind === 'TableIdentifier') checkTable(node.name, catalogue);
    if (node.kind === 'Identifier') checkName(node.name, catalogue);
    if (node.kind === 'Function') checkFunction(node.name, catalogue);
    if (node.kind === 'Function' && parentOf(nodes, i)?.kind === 'TableExpression')
      checkTableFunction(node.name, catalogue);
  }
  if (nodes.filter(({ kind }) => kind === 'Set').length !== clauses)
    throw SqlFault.refused('a SETTINGS clause of this form');
}

/** @throws SqlFault where a function is not for readers; unknown names are left to the engine (they may be lambdas) */
export function checkFunction(name: string, catalogue: SqlCatalogue): void {
  const key = name.toLowerCase();
  if (catalogue.functions.get(key) === true) return;
  if (catalogue.functions.has(key)) throw SqlFault.refused(`the function ${name}`);
  checkTableFunction(name, catalogue);
}

/** @throws SqlFault where a function is not for readers in the place of a table */
export function checkTableFunction(name: string, { tableFunctions }: SqlCatalogue): void {
  const key = name.toLowerCase();
  if (!tableFunctions.has(key) || TABLE_FUNCTIONS.has(key)) return; // what is none of the engine's is a view of a day
  throw SqlFault.refused(`the table function ${name}; numbers, generateSeries, values and zeros are`);
}

/** Nodes stand as a tree is walked, each before what is in it. */
function parentOf(nodes: readonly Node[], at: number): Node | undefined {
  const { depth } = nodes[at]!;
  return nodes[nodes.findLastIndex((node, i) => i < at && node.depth < depth)];
}

// In the place of a table: `name` (a view, or a CTE or alias, but never another table of the database) or `database.name`.
function checkTable(name: string, catalogue: SqlCatalogue): void {
  if (name.includes('.') && !catalogue.readable.has(name)) throw refusedTable(name, catalogue);
  checkName(name, catalogue);
}

/** Anywhere else a name is a column, or a table behind IN: refused where such a table exists and is not readable. */
export function checkName(name: string, catalogue: SqlCatalogue): void {
  const table = name.includes('.') ? name : `${DATABASE}.${name}`;
  if (catalogue.tables.has(table) && !catalogue.readable.has(table)) throw refusedTable(table, catalogue);
}

function refusedTable(name: string, catalogue: SqlCatalogue): SqlFault {
  const views = [...catalogue.readable].filter((table) => table.startsWith(`${DATABASE}.`));
  return SqlFault.refused(`the table ${name}; there are ${views.sort().join(', ')}`);
}
