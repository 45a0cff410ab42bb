/**
 * Split a file of SQL into its statements: at each `;` that is not inside a string, a quoted name or a comment.
 * `SELECT ';'; -- no; end` → [`SELECT ';'`]. Comments are left in place, statements that are only comments are dropped.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let real = false; // anything beside blanks and comments since `from`
  const end = (at: number) => {
    if (real) statements.push(text.slice(from, at).trim());
    from = at + 1;
    real = false;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "'" || char === '"' || char === '`') {
      at = skipQuoted(text, at, char);
      real = true;
    } else if (text.startsWith('--', at)) at = endOr(text, text.indexOf('\n', at));
    else if (text.startsWith('/*', at)) at = endOr(text, text.indexOf('*/', at) + 1);
    else if (char === ';') end(at);
    else if (char.trim() !== '') real = true;
  }
  end(text.length);
  return statements;
}

/** Index of the closing quote; a backslash takes the next character with it, a doubled quote closes and opens again. */
function skipQuoted(text: string, at: number, quote: string): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return text.length;
}

function endOr(text: string, at: number): number {
  return at <= 0 ? text.length : at;
}
