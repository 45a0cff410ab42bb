import { SqlFault } from '../sql-fault.ts';

/** A token as ClickHouse's own lexer cut it. White space and comments are left out. */
export interface Token {
  /** `BareWord`, `QuotedIdentifier`, `StringLiteral`, `Number`, `Comma`, `Equals` … */
  readonly type: string;
  readonly text: string;
}

/** A token as `tokenizeQuery` answers it: first byte, byte after the last, type. */
export type TokenSpan = readonly [begin: number | string, end: number | string, type: string];

/** Cut the text at the lexer's byte positions. */
export function tokensOf(text: string, spans: readonly TokenSpan[]): Token[] {
  const bytes = Buffer.from(text, 'utf8');
  const tokens: Token[] = [];
  for (const [begin, end, type] of spans) {
    if (type === 'Whitespace' || type === 'Comment') continue;
    tokens.push({ type, text: bytes.toString('utf8', Number(begin), Number(end)) });
  }
  return tokens;
}

/** Is the token at this place one of these unquoted words? */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.type === 'BareWord' && words.includes(token.text.toUpperCase());
}

/** Two unquoted words in a row, e.g. `INTO OUTFILE`. */
export function hasWords(tokens: readonly Token[], first: string, second: string): boolean {
  return tokens.some((token, i) => isWord(token, first) && isWord(tokens[i + 1], second));
}

/** Is there a `{name:Identifier}`? */
export function hasIdentifierParameter(tokens: readonly Token[]): boolean {
  return tokens.some((token, i) => token.type === 'Colon' && isWord(tokens[i + 1], 'IDENTIFIER'));
}

/** Does `name = …` begin here? */
export function isAssignment(tokens: readonly Token[], at: number): boolean {
  const type = tokens[at]?.type;
  return (type === 'BareWord' || type === 'QuotedIdentifier') && tokens[at + 1]?.type === 'Equals';
}

/**
 * No quoted name may hold a control character or an escape: the engine prints syntax trees with names unescaped, one node
 * a line, so such a name could write lines of its own into the tree that the guard reads.
 */
export function refuseHiddenNames(tokens: readonly Token[]): void {
  for (const { type, text } of tokens) {
    if (type !== 'QuotedIdentifier') continue;
    if (text.includes('\\') || [...text].some((char) => char < ' ' || char === '\u007f'))
      throw SqlFault.refused(`the name ${JSON.stringify(text)} has a control character or a backslash`);
  }
}
