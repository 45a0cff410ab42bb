/** Lines of text in columns, the first line being the header. Numbers stand on the right. */
export function table(rows: readonly (readonly string[])[], width = 120): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => widthOf(row[c] ?? ''))));
  const numeric = widths.map((_, c) => rows.slice(1).every((row) => /^-?[\d,.]*%?$/.test(row[c] ?? '')));
  const lines = rows.map((row) =>
    row.map((cell, c) => (numeric[c] ? padStart(cell, widths[c] ?? 0) : padEnd(cell, widths[c] ?? 0))).join('  '),
  );
  return `${lines.map((line) => clip(line.trimEnd(), width)).join('\n')}\n`;
}

/** `name   value` lines. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): string {
  const longest = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  return rows.map(([name, value]) => `${padEnd(name, longest)}  ${value}\n`).join('');
}

// Control characters of a stored value must not reach the terminal.
export function plainText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function widthOf(text: string): number {
  return [...text].length;
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

function clip(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}
