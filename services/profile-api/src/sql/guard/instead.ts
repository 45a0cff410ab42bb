import { DATABASE, type SqlCatalogue } from './catalogue.ts';
import { isWord, type Token } from './tokens.ts';
import { checkName } from './tree-check.ts';

/**
 * Questions of drivers about what there is (SQLAlchemy asks `EXISTS`) that the engine would answer past the filters of its system
 * tables, as a SELECT that says the same of what readers may see. It goes through all checks like any other.
 * @param tokens of the whole statement, as the engine's formatter writes it
 * @returns null for every other statement, and for every other form of these
 * @throws SqlFault for columns of what is not for readers
 */
export function selectInstead(tokens: readonly Token[], catalogue: SqlCatalogue): string | null {
  const { asked, format } = withoutFormat(tokens);
  const select = existsInstead(asked, catalogue) ?? columnsInstead(asked, catalogue) ?? useInstead(asked);
  return select === null ? null : select + format;
}

// EXISTS TABLE kenal.orders; a name that readers may not read is as one that there is not
function existsInstead(tokens: readonly Token[], catalogue: SqlCatalogue): string | null {
  const [exists, kind, ...rest] = tokens;
  if (!isWord(exists, 'EXISTS') || !isWord(kind, 'TABLE', 'VIEW', 'DATABASE')) return null;
  const name = nameOf(rest);
  if (name === null) return null;
  if (isWord(kind, 'DATABASE'))
    return name.database === null ? answer([DATABASE, 'system'].includes(name.table)) : null;
  return answer(catalogue.readable.has(`${name.database ?? DATABASE}.${name.table}`));
}

const answer = (isThere: boolean): string => `SELECT toUInt8(${isThere ? 1 : 0}) AS result`;

// SHOW COLUMNS FROM orders FROM kenal LIKE 'a%'
function columnsInstead(tokens: readonly Token[], catalogue: SqlCatalogue): string | null {
  const [show, columns, from, table, ...rest] = tokens;
  if (!isWord(show, 'SHOW') || !isWord(columns, 'COLUMNS') || !isWord(from, 'FROM')) return null;
  const name = plainName(table);
  const named = isWord(rest[0], 'FROM') ? plainName(rest[1]) : null;
  const [like, pattern, ...more] = named === null ? rest : rest.slice(2);
  const isLike = isWord(like, 'LIKE', 'ILIKE') && pattern?.type === 'StringLiteral';
  if (name === null || more.length > 0 || (like !== undefined && !isLike)) return null;
  const database = named ?? DATABASE;
  checkName(`${database}.${name}`, catalogue);
  return `SELECT name AS field, type, if(startsWith(type, 'Nullable'), 'YES', 'NO') AS null, '' AS key,
    nullIf(default_expression, '') AS default, '' AS extra FROM system.columns
    WHERE database = ${literal(database)} AND table = ${literal(name)} ${isLike ? `AND name ${like?.text} ${pattern?.text}` : ''}
    ORDER BY field`;
}

// Each request stands by itself, and the database is this one anyhow
function useInstead(tokens: readonly Token[]): string | null {
  const [use, database, ...more] = tokens;
  if (!isWord(use, 'USE') || more.length > 0 || plainName(database) !== DATABASE) return null;
  return 'SELECT 1 AS used LIMIT 0';
}

function withoutFormat(tokens: readonly Token[]): { readonly asked: readonly Token[]; readonly format: string } {
  const [word, format] = tokens.slice(-2);
  if (!isWord(word, 'FORMAT') || format?.type !== 'BareWord') return { asked: tokens, format: '' };
  return { asked: tokens.slice(0, -2), format: ` FORMAT ${format.text}` };
}

/** `orders`, `kenal.orders`, and nothing behind it. */
function nameOf(tokens: readonly Token[]): { readonly database: string | null; readonly table: string } | null {
  const [first, dot, second, ...more] = tokens;
  const [name, member] = [plainName(first), plainName(second)];
  if (name === null || more.length > 0) return null;
  if (dot === undefined) return { database: null, table: name };
  return dot.type === 'Dot' && member !== null ? { database: name, table: member } : null;
}

/** Names with control characters or backslashes were refused before. */
function plainName(token: Token | undefined): string | null {
  if (token?.type === 'BareWord') return token.text;
  return token?.type === 'QuotedIdentifier' ? token.text.slice(1, -1) : null;
}

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
