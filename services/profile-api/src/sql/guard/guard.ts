import { type AllLimits, LIMITS } from '../settings.ts';
import { CODES, engineFault, SqlFault } from '../sql-fault.ts';
import { loadCatalogue, type SqlCatalogue } from './catalogue.ts';
import type { Engine, ParamTexts } from './engine.ts';
import { selectInstead } from './instead.ts';
import { checkNames } from './names.ts';
import { checkSettings } from './settings-clause.ts';
import {
  hasIdentifierParameter,
  hasWords,
  isAssignment,
  isWord,
  refuseHiddenNames,
  type Token,
  type TokenSpan,
  tokensOf,
} from './tokens.ts';
import { namesInQueryTree, nodesOf } from './tree.ts';
import { checkFunction, checkName, checkTableFunction, checkTree } from './tree-check.ts';

/** A statement that may run. */
export interface Admitted {
  /** As the engine's formatter writes it: one statement, one line, no comments. This is what was checked, so this is what runs. */
  readonly sql: string;
  /** Of a FORMAT clause, or null. */
  readonly format: string | null;
}

export interface SqlGuard {
  /**
   * @param sql one statement; @param params values of `{name:Type}`; @param limits that its SETTINGS may lower
   * @throws SqlFault where it does not parse or is not for readers
   */
  admit(sql: string, params: ParamTexts, limits?: AllLimits): Promise<Admitted>;
  catalogue(): Promise<SqlCatalogue>;
}

const MAX_SQL_BYTES = 262_144;
const CATALOGUE_MS = 10_000;
const MOST_REMEMBERED = 256;
const MOST_REMEMBERED_CHARS = 16_384;
/** Its formatter drops FULL, a column more. */
const FULL_TABLES = /^\s*SHOW\s+FULL\s+TABLES\b/i;
const FIRST_WORDS = ['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'EXPLAIN'] as const;

/**
 * The list of what readers may do, enforced by reading ClickHouse's own parse of the statement (never the text by patterns):
 * 1. its formatter takes exactly one statement and writes it canonically, its lexer cuts that into tokens;
 * 2. the tokens decide the kind of statement, settings and output clauses, which the syntax tree does not show;
 * 3. `EXPLAIN AST` with the parameters in place gives every table, function and node;
 * 4. what a column transformer (`APPLY …`) hides from that tree, `EXPLAIN QUERY TREE` shows, and the tokens show it too.
 * Works the same on a server and in chDB, which has neither users nor row policies.
 */
export function createSqlGuard(engine: Engine, now: () => number = Date.now): SqlGuard {
  let loaded: { at: number; catalogue: Promise<SqlCatalogue> } | null = null;
  const catalogue = (): Promise<SqlCatalogue> => {
    if (loaded === null || now() - loaded.at > CATALOGUE_MS) {
      const mine = { at: now(), catalogue: loadCatalogue(engine) };
      loaded = mine;
      mine.catalogue.catch(() => {
        if (loaded === mine) loaded = null;
      });
    }
    return loaded.catalogue;
  };
  const judge = async (sql: string, params: ParamTexts, limits: AllLimits, known: SqlCatalogue): Promise<Admitted> => {
    const { text, tokens } = await parse(engine, sql);
    refuseHiddenNames(tokens);
    const instead = selectInstead(tokens, known);
    if (instead !== null) return judge(instead, {}, limits, known);
    checkKind(tokens);
    checkNames(tokens, known);
    const format = formatOf(tokens, known);
    const clauses = checkSettings(tokens, limits);
    const nodes = nodesOf(await engine.lines(`EXPLAIN AST ${text}`, params));
    checkTree(nodes, clauses, known);
    if (nodes.some(({ kind }) => kind === 'ColumnsApplyTransformer')) {
      if (hasIdentifierParameter(tokens)) throw SqlFault.refused('an Identifier parameter beside APPLY');
      const tree = await engine.lines(`EXPLAIN QUERY TREE run_passes = 0 ${explained(text, tokens)}`, params);
      const names = namesInQueryTree(tree);
      for (const name of names.functions) checkFunction(name, known);
      for (const name of names.tableFunctions) checkTableFunction(name, known);
      for (const name of names.identifiers) checkName(name, known);
    }
    return { sql: FULL_TABLES.test(sql) ? text.replace(/^SHOW TABLES/, 'SHOW FULL TABLES') : text, format };
  };
  const remembered = createVerdicts();
  return {
    catalogue,
    admit: async (sql, params, limits = LIMITS) => {
      const known = await catalogue();
      return remembered(known, JSON.stringify([sql, params, limits]), () => judge(sql, params, limits, known));
    },
  };
}

type Remember = (catalogue: SqlCatalogue, asked: string, judge: () => Promise<Admitted>) => Promise<Admitted>;

/** Dashboards ask the same over and over: what was admitted needs no second look as long as the same tables are there. */
function createVerdicts(): Remember {
  let admitted = new Map<string, Admitted>();
  let of: SqlCatalogue | null = null;
  return async (catalogue, asked, judge) => {
    if (of !== catalogue) admitted = new Map();
    of = catalogue;
    const mine = admitted;
    const verdict = mine.get(asked) ?? (await judge());
    if (asked.length <= MOST_REMEMBERED_CHARS && mine.size < MOST_REMEMBERED) mine.set(asked, verdict);
    return verdict;
  };
}

async function parse(engine: Engine, sql: string): Promise<{ text: string; tokens: Token[] }> {
  if (Buffer.byteLength(sql) > MAX_SQL_BYTES)
    throw SqlFault.of('QUERY_IS_TOO_LARGE', `The query is over ${MAX_SQL_BYTES} bytes`);
  if (sql.trim() === '') throw SqlFault.of('SYNTAX_ERROR', 'Empty query');
  if (sql.includes('\0')) throw SqlFault.of('SYNTAX_ERROR', 'A NUL byte in the query');
  try {
    const rows = await engine.rows<{ text: string; spans: readonly TokenSpan[] }>(
      'SELECT formatQuerySingleLine({kenal_sql:String}) AS text, arrayMap(t -> (t.1, t.2, toString(t.3)), tokenizeQuery(text)) AS spans',
      { kenal_sql: sql },
    );
    const { text, spans } = rows[0] ?? { text: '', spans: [] };
    return { text, tokens: tokensOf(text, spans) };
  } catch (error) {
    const fault = engineFault(error);
    if (fault === null) throw error;
    // `Syntax error: … : In scope SELECT formatQuerySingleLine('…') AS text, …. (SYNTAX_ERROR)`: drop what is ours
    const scope = fault.message.indexOf(': In scope ');
    const message = scope < 0 ? fault.message : fault.message.slice(0, scope);
    if (fault.code === CODES.SYNTAX_ERROR) throw SqlFault.of('SYNTAX_ERROR', message);
    throw new SqlFault(fault.code, message, error);
  }
}

function checkKind(tokens: readonly Token[]): void {
  const first = tokens.find(({ type }) => type !== 'OpeningRoundBracket');
  if (!isWord(first, ...FIRST_WORDS))
    throw SqlFault.refused(
      `${first?.text ?? 'this statement'}; readers may SELECT, SHOW TABLES, SHOW DATABASES, SHOW COLUMNS FROM a view, EXISTS, DESCRIBE and EXPLAIN`,
    );
  if (isWord(first, 'SHOW')) {
    const at = isWord(tokens[1], 'FULL') ? 2 : 1;
    if (!isWord(tokens[at], 'TABLES', 'DATABASES'))
      throw SqlFault.refused(
        `SHOW ${tokens[at]?.text ?? ''}; SHOW TABLES, SHOW DATABASES and SHOW COLUMNS FROM a view are`,
      );
  }
  if (isWord(first, 'EXPLAIN')) checkExplain(tokens.slice(tokens.indexOf(first as Token) + 1));
  if (hasWords(tokens, 'INTO', 'OUTFILE')) throw SqlFault.refused('INTO OUTFILE');
  if (hasWords(tokens, 'PARALLEL', 'WITH')) throw SqlFault.refused('PARALLEL WITH');
  if (tokens.some(({ type }) => type === 'Semicolon')) throw SqlFault.refused('more than one statement');
}

// ESTIMATE, PIPELINE, the plan (also plain EXPLAIN, which prints parts and granules) and options such as `indexes = 1` count
// what lies below the views, where all workspaces share parts and granules: only what tells of the statement itself.
function checkExplain([kind, next, afterNext]: readonly Token[]): void {
  const tree = isWord(kind, 'QUERY') && isWord(next, 'TREE');
  const explained = tree ? afterNext : next;
  const begins = explained?.type === 'OpeningRoundBracket' || isWord(explained, 'SELECT', 'WITH');
  if (!begins || !(tree || isWord(kind, 'AST', 'SYNTAX')))
    throw SqlFault.refused('EXPLAIN of this form; EXPLAIN SYNTAX, AST and QUERY TREE of a SELECT are, without options');
}

// The formatter writes `… FORMAT name` last, or followed by SETTINGS only.
function formatOf(tokens: readonly Token[], catalogue: SqlCatalogue): string | null {
  for (let i = tokens.length - 2; i > 0; i--) {
    if (!isWord(tokens[i], 'FORMAT') || tokens[i + 1]?.type !== 'BareWord') continue;
    const last = i + 2 === tokens.length || (isWord(tokens[i + 2], 'SETTINGS') && isAssignment(tokens, i + 3));
    if (last) return checkFormat(tokens[i + 1]?.text ?? '', catalogue);
  }
  return null;
}

/** @returns the format @throws SqlFault where answers cannot be written in it */
export function checkFormat(format: string, catalogue: SqlCatalogue): string {
  if (!catalogue.formats.has(format)) throw SqlFault.of('UNKNOWN_FORMAT', `Unknown format ${format}`);
  return format;
}

// A query tree exists of a SELECT only; of `EXPLAIN … SELECT` what is explained.
function explained(text: string, tokens: readonly Token[]): string {
  if (!isWord(tokens[0], 'EXPLAIN', 'DESCRIBE')) return text;
  throw SqlFault.refused('a column transformer (APPLY) inside EXPLAIN or DESCRIBE');
}
