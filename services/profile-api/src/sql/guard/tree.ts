/** One line of `EXPLAIN AST`, e.g. ` TableIdentifier kenal.orders (alias o)` → depth 1, that kind, name `kenal.orders`. */
export interface Node {
  readonly depth: number;
  readonly kind: string;
  /** What stands behind the kind, without alias and number of children; '' where nothing does. */
  readonly name: string;
}

/** @param lines the answer of `EXPLAIN AST`, one blank of indentation a level */
export function nodesOf(lines: readonly string[]): Node[] {
  const nodes: Node[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const bare = line.trimStart();
    const blank = bare.indexOf(' ');
    const kind = blank < 0 ? bare : bare.slice(0, blank);
    nodes.push({ depth: line.length - bare.length, kind, name: blank < 0 ? '' : nameIn(bare.slice(blank + 1)) });
  }
  return nodes;
}

function nameIn(rest: string): string {
  const bracket = rest.indexOf(' (');
  if (rest.startsWith('(')) return '';
  return (bracket < 0 ? rest : rest.slice(0, bracket)).trim();
}

/** Names in a query tree, e.g. `FUNCTION id: 5, function_name: dictGet, function_type: ordinary`. */
export interface QueryTreeNames {
  readonly functions: readonly string[];
  readonly tableFunctions: readonly string[];
  /** Of columns and tables. */
  readonly identifiers: readonly string[];
}

/** @param lines the answer of `EXPLAIN QUERY TREE run_passes = 0` */
export function namesInQueryTree(lines: readonly string[]): QueryTreeNames {
  const functions: string[] = [];
  const tableFunctions: string[] = [];
  const identifiers: string[] = [];
  for (const line of lines) {
    const called = valueAfter(line, ' function_name: ');
    if (called !== null) functions.push(called);
    const read = valueAfter(line, 'table_function_name: ');
    if (read !== null) tableFunctions.push(read);
    const named = valueAfter(line, 'identifier: ');
    if (named !== null) identifiers.push(named);
  }
  return { functions, tableFunctions, identifiers };
}

function valueAfter(line: string, label: string): string | null {
  const at = line.indexOf(label);
  if (at < 0) return null;
  const rest = line.slice(at + label.length);
  const comma = rest.indexOf(', ');
  return (comma < 0 ? rest : rest.slice(0, comma)).trim();
}
