import { bytesOf } from './file-bytes.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createCounts, type LineCounts, type PostLines, sendLines } from './send-lines.ts';

/** All lines of a file, also a packed one. Again, or after a crash, it adds nothing twice. */
export async function importCdr(file: string, post: PostLines): Promise<LineCounts> {
  const counts = createCounts();
  const splitter = createLineSplitter(0);
  for await (const bytes of bytesOf(file)) await sendLines(splitter.push(bytes), post, counts);
  await sendLines(splitter.end(), post, counts);
  return counts;
}
