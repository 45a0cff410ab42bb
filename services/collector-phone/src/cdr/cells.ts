/**
 * Cells of one line: `"","2001","030 1","",…,42` (quotes are doubled inside a cell). A record of Asterisk is one line.
 * @returns null where a quote is not closed, or something follows one
 */
export function cellsOf(line: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (line[at] === '"') {
      const end = endOfQuoted(line, at);
      if (end === null) return null;
      cell = line.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      cell = line.slice(at, end);
      at = end;
    }
    cells.push(cell);
    if (at >= line.length) return cells;
    if (line[at] !== ',') return null;
    at++;
  }
}

/** @returns the place of the quote that closes the one at `from` */
function endOfQuoted(line: string, from: number): number | null {
  for (let at = from + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at === -1) return null;
    if (line[at + 1] !== '"') return at;
  }
}
