import type { Header } from '../mail/mail.ts';

const MOST_BYTES = 64 * 1024;

/** `From: Ann␊To: b@x.example␊ , c@x.example` → headers by name, folded lines joined, in their order. */
export function headersOf(block: string): readonly Header[] {
  const headers: Header[] = [];
  for (const line of block
    .slice(0, MOST_BYTES)
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')) {
    const header = headerOf(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
    if (line.includes(':') && header !== null) headers.push(header);
  }
  return headers;
}

/** @returns null where the name is none */
export function headerOf(name: string, value: string): Header | null {
  return /^[\x21-\x39\x3b-\x7e]{1,200}$/.test(name) ? { key: name.toLowerCase(), value: value.trim() } : null;
}
