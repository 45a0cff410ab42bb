import type { MailText } from './mail.ts';

/** Lines beyond this are not looked at: a person reads no more either. */
const MOST_CHARACTERS = 256 * 1024;
const LONGEST_TEXT = 8_000;
const LONGEST_QUOTE = 2_000;
const LONGEST_SIGNATURE = 1_000;
const LONGEST_ATTRIBUTION = 400;

// Each is asked of one line, with no repetition inside a repetition: linear.

/** `-----Original Message-----` and what other programs write there. */
const DIVIDER =
  /^[-_=]{2,40}\s?(?:original message|forwarded message|urspr(?:ü|ue)ngliche nachricht|weitergeleitete nachricht|message d['’]origine|message transf(?:é|e)r(?:é|e)|mensaje original|mensaje reenviado|pesan asli|pesan terusan|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande)\s?[-_=]{2,40}$/i;
/** First words of `On … wrote:` by language. */
const LEAD = /^(?:on|am|le|el|il|em|op|pada|den|dne|w dniu|vào)\s/i;
const VERB =
  /(?:\bwrote|\bschrieb(?:en)?|a [ée]crit|escribió|escribio|menulis|ha scritto|escreveu|schreef|skrev|napsal\(?a?\)?|napisał\(?a?\)?|đã viết)(?![\p{L}])/iu;
/** `From: …` of the block of headers that Outlook puts before what it quotes. */
const BLOCK_FROM = /^\*?(?:from|von|de|dari|da|van|från|fra)\s?:\*?\s/i;
const BLOCK_MORE =
  /^\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|envoy[ée] le|à|objet|enviado(?: el)?|fecha|para|asunto|dikirim|tanggal|kepada|subjek|perihal|inviato|data|oggetto|verzonden|aan|onderwerp)\s?:\*?\s/i;
const RULE = /^[-_]{10,200}$/;

/**
 * What somebody wrote, apart from what they answer to. Answers above, below and between quoted lines; the headings of
 * mail programs in English, German, French, Spanish, Indonesian and a few more. Linear in the text.
 */
export function splitReply(source: string): MailText {
  const lines = source.slice(0, MOST_CHARACTERS).replace(/\r\n?/g, '\n').split('\n');
  const cut = headingOf(lines);
  const own: string[] = [];
  const quoted: string[] = [];
  const rest = cut === null ? [] : lines.slice(cut.end);
  for (const line of cut === null ? lines : lines.slice(0, cut.start)) (isQuoted(line) ? quoted : own).push(line);
  if (cut !== null) quoted.push(...lines.slice(cut.start, cut.end));
  // Where the quotation is marked line by line, what is not marked was written between or below it
  const marked = cut !== null && !cut.toTheEnd && rest.some(isQuoted);
  for (const line of rest) (marked && !isQuoted(line) ? own : quoted).push(line);
  const [text, signature] = withoutSignature(own);
  return {
    text: text.slice(0, LONGEST_TEXT).toWellFormed(),
    quoted: quoted.join('\n').trim().slice(0, LONGEST_QUOTE).toWellFormed() || null,
    signature: signature?.slice(0, LONGEST_SIGNATURE).toWellFormed() || null,
    truncated: text.length > LONGEST_TEXT || source.length > MOST_CHARACTERS,
  };
}

interface Heading {
  readonly start: number;
  /** After its last line. */
  readonly end: number;
  /** All that follows is quoted, marked or not. */
  readonly toTheEnd: boolean;
}

function headingOf(lines: readonly string[]): Heading | null {
  for (let start = 0; start < lines.length; start++) {
    const line = lines[start]!.trim();
    if (line === '' || isQuoted(line)) continue;
    if (line.length <= 200 && DIVIDER.test(line)) return { start, end: start + 1, toTheEnd: true };
    if (RULE.test(line) && isHeaderBlock(lines, start + 1)) return { start, end: start + 1, toTheEnd: true };
    if (isHeaderBlock(lines, start)) return { start, end: start, toTheEnd: true };
    const end = attributionEnd(lines, start);
    if (end !== null) return { start, end, toTheEnd: false };
  }
  return null;
}

/** `From: …` and two more of Sent, To, Subject within the next lines. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const first = lines.slice(at, at + 2).find((line) => line.trim() !== '');
  if (first === undefined || !BLOCK_FROM.test(first.trim().slice(0, 40))) return false;
  return lines.slice(at + 1, at + 8).filter((line) => BLOCK_MORE.test(`${line.trim().slice(0, 40)} `)).length >= 2;
}

/** `On Mon, 30 Nov 2026 at 10:00, Ann <ann@x.example> wrote:`, which programs break over up to three lines. */
function attributionEnd(lines: readonly string[], start: number): number | null {
  let text = '';
  for (let end = start; end < Math.min(lines.length, start + 3); end++) {
    const line = lines[end]!.trim();
    if (line === '' || isQuoted(line)) return null;
    text = `${text} ${line}`.trim();
    if (text.length > LONGEST_ATTRIBUTION) return null;
    if (text.endsWith(':') && isAttribution(text)) return end + 1;
    if (!LEAD.test(text)) return null;
  }
  return null;
}

function isAttribution(text: string): boolean {
  if (!VERB.test(text)) return false;
  // `She wrote three things:` is none
  return (LEAD.test(text) && /\d/.test(text)) || /[<(]?\S@\S/.test(text);
}

function isQuoted(line: string): boolean {
  return /^\s{0,3}>/.test(line);
}

/** `-- ` alone on a line begins a signature (RFC 3676); mail programs drop the space. */
function withoutSignature(lines: readonly string[]): readonly [text: string, signature: string | null] {
  const at = lines.findLastIndex((line) => line === '-- ' || line === '--');
  if (at === -1) return [lines.join('\n').trim(), null];
  return [
    lines.slice(0, at).join('\n').trim(),
    lines
      .slice(at + 1)
      .join('\n')
      .trim(),
  ];
}

/** The text of a mail, or that of its HTML where it has none. */
export function textSource(text: string | null, html: string | null, toText: (html: string) => string): string | null {
  if (text !== null && text.trim() !== '') return text;
  return html === null || html.trim() === '' ? null : toText(html.slice(0, 4 * MOST_CHARACTERS));
}
