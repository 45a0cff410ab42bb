/** Tags that end a line. */
const BREAKS = new Set(['br', 'p', 'div', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'table', 'blockquote']);
const SILENT = new Set(['script', 'style', 'head', 'title']);
/** Deeper ones are marked no deeper: each level would make every line longer. */
const MOST_QUOTES = 8;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** HTML of a mail that has no text of its own → its text; what stands in `<blockquote>` has `> ` before each line. Linear. */
export function htmlText(html: string): string {
  const lines: string[] = [];
  let line = '';
  let quotes = 0;
  const endLine = (): void => {
    const text = entitiesOf(line)
      .replace(/[\s\u00a0]+/g, ' ')
      .trim();
    if (text !== '' || lines.at(-1) !== '')
      lines.push(text === '' ? '' : '> '.repeat(Math.min(quotes, MOST_QUOTES)) + text);
    line = '';
  };
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      line += html.slice(at);
      break;
    }
    line += html.slice(at, open);
    const close = html.startsWith('<!--', open) ? html.indexOf('-->', open) + 2 : html.indexOf('>', open);
    if (close <= open) break; // an open end: nothing after it is text
    const tag = /^<(\/?)([a-z][a-z0-9]{0,15})/i.exec(html.slice(open, open + 20));
    at = close + 1;
    if (tag === null) continue;
    const name = tag[2]!.toLowerCase();
    if (BREAKS.has(name)) endLine();
    if (name === 'blockquote') quotes = Math.max(0, quotes + (tag[1] === '/' ? -1 : 1));
    if (SILENT.has(name) && tag[1] !== '/') at = afterEnd(html, at, name);
  }
  endLine();
  return lines.join('\n').trim();
}

/** `<style>…</style>` as a whole; where it does not end the rest. */
function afterEnd(html: string, at: number, name: string): number {
  for (let end = html.indexOf('</', at); end !== -1; end = html.indexOf('</', end + 2)) {
    if (html.slice(end + 2, end + 2 + name.length).toLowerCase() !== name) continue;
    const close = html.indexOf('>', end);
    return close === -1 ? html.length : close + 1;
  }
  return html.length;
}

function entitiesOf(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : '';
  });
}
