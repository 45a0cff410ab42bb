/** Lines of a statement that is being typed, until its semicolon. */
export interface StatementBuffer {
  /** @returns the statements that are complete with this line, without their semicolons */
  push(line: string): readonly string[];
  /** Whether something was typed that is not complete. */
  readonly isBegun: boolean;
  clear(): void;
}

const CLOSERS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '/*': '*/', '--': '\n' };

/** A semicolon ends a statement unless it stands in quotes or in a comment: `SELECT ';' -- ;` goes on. */
export function createStatementBuffer(): StatementBuffer {
  let text = '';
  return {
    push: (line) => {
      text += `${line}\n`;
      const ends = endsOf(text);
      const statements = ends.map((end, i) => text.slice(i === 0 ? 0 : (ends[i - 1] as number) + 1, end).trim());
      text = text.slice((ends.at(-1) ?? -1) + 1);
      if (text.trim() === '') text = '';
      return statements.filter((statement) => statement !== '');
    },
    get isBegun() {
      return text !== '';
    },
    clear: () => {
      text = '';
    },
  };
}

/** Places of the semicolons that end a statement. */
function endsOf(text: string): number[] {
  const ends: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const two = text.slice(at, at + 2);
    const opener = two in CLOSERS ? two : (text[at] as string);
    const closer = CLOSERS[opener];
    if (closer !== undefined) at = closedAt(text, at + opener.length, closer);
    else if (opener === ';') ends.push(at);
  }
  return ends;
}

/** Place of the last character of what is closed; a backslash hides the next one in quotes. */
function closedAt(text: string, start: number, closer: string): number {
  for (let at = start; at < text.length; at++) {
    if (closer.length === 1 && closer !== '\n' && text[at] === '\\') at += 1;
    else if (text.startsWith(closer, at)) return at + closer.length - 1;
  }
  return text.length;
}
