/** What is no name, sign or space of a statement. Ends of what is never closed are the end of the text. */
const PARTS = [
  // -- Ann's, # Ann, /* Ann */
  String.raw`(?<comment>(?:--|#[ !])[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
  // 'O''Hara', ‘Ann’, $$Ann's$$, 447700900123, 1.5e3, .5, 0x1F; not the digits of x1
  String.raw`(?<value>'(?:[^'\\]|\\[\s\S]?|'')*(?:'|$)|‘[^’]*(?:’|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$)|(?<!\w)\.?\d[\w.]*)`,
  // "profile_id", `profile_id`, “ann@example.com”
  String.raw`(?<quoted>"(?:[^"\\]|\\[\s\S]?|"")*(?:"|$)|${'`'}(?:[^${'`'}\\]|\\[\s\S]?|${'`'}${'`'})*(?:${'`'}|$)|“[^”]*(?:”|$))`,
];
const PART = new RegExp(PARTS.join('|'), 'g');
const NAME = /^["`“][A-Za-z_]\w*["`”]$/;

/**
 * A statement with `?` in place of each value, as `normalizeQuery` of ClickHouse and `pg_stat_statements` of PostgreSQL
 * write it: what was asked without about whom. Comments go; several values in a row become `?..`; names in quotes stay
 * where they could be those of columns, because many write a text in double quotes by mistake.
 */
export function withoutValues(sql: string): string {
  const shape = sql.replace(PART, (text, ...groups) => {
    const { comment, value, quoted } = groups.at(-1) as Record<'comment' | 'value' | 'quoted', string | undefined>;
    if (comment !== undefined) return ' ';
    return value !== undefined || (quoted !== undefined && !NAME.test(text)) ? '?' : text;
  });
  return shape
    .replace(/\?(?:\s*,\s*\?)+/g, '?..')
    .replace(/\s+/g, ' ')
    .trim();
}
