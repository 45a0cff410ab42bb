import type { BatchAnswer } from '../client/post-batch.ts';
import type { FileLine } from './line-splitter.ts';

/** Posts lines and resolves when they are durable. */
export type PostLines = (body: string) => Promise<Pick<BatchAnswer, 'accepted' | 'rejected'>>;

/** What became of lines. */
export interface LineCounts {
  lines: number;
  /** Durable in the event log; those that were there already are among them. */
  accepted: number;
  /** Kept as failed events. */
  rejected: number;
  /** The first few reasons, each once. */
  readonly reasons: Set<string>;
}

export function createCounts(): LineCounts {
  return { lines: 0, accepted: 0, rejected: 0, reasons: new Set() };
}

const MOST_LINES = 500;
const MOST_CHARACTERS = 512 * 1024;
const MOST_REASONS = 5;

/**
 * Lines in their order, some at a time.
 * @param onDone told how far the file is acknowledged, in bytes, after each part
 */
export async function sendLines(
  lines: readonly FileLine[],
  post: PostLines,
  counts: LineCounts,
  onDone: (end: number) => void = () => undefined,
): Promise<void> {
  for (let first = 0; first < lines.length; ) {
    const part = partFrom(lines, first);
    first += part.length;
    const told = part.map(({ line, occurrence }) => ({ line, occurrence }));
    const { accepted, rejected } = await post(JSON.stringify({ lines: told }));
    counts.lines += part.length;
    counts.accepted += accepted;
    counts.rejected += rejected.length;
    for (const { reason } of rejected) if (counts.reasons.size < MOST_REASONS) counts.reasons.add(reason);
    onDone(part.at(-1)?.end ?? 0);
  }
}

function partFrom(lines: readonly FileLine[], first: number): readonly FileLine[] {
  let [last, characters] = [first, 0];
  while (last < lines.length && last - first < MOST_LINES && characters < MOST_CHARACTERS)
    characters += lines[last++]?.line.length ?? 0;
  return lines.slice(first, last);
}
