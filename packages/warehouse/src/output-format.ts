/**
 * The output format that a statement names at its end, for the header of the answer.
 * `SELECT 1 FORMAT JSON SETTINGS max_threads = 1;` → `JSON`. It decides nothing: the engine reads the statement itself.
 */
export function outputFormat(sql: string): string | null {
  const tail = sql.slice(-2_000).trimEnd().replace(/;+$/, '');
  return /\bFORMAT\s+([A-Za-z]\w*)\s*(?:SETTINGS\s[^;]*)?$/i.exec(tail)?.[1] ?? null;
}
