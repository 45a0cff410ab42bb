import type { IncomingMessage } from 'node:http';

/** The beginning of the body of an answer. */
export interface Head {
  readonly text: string;
  /** Why the body ended before it was over, or so much was read; null where it did not. */
  readonly fault: Error | null;
}

/** Read as much of an answer as is wanted of strangers; what is left ends the connection. It never rejects. @param most bytes */
export async function readHead(answer: IncomingMessage, most: number): Promise<Head> {
  const parts: Buffer[] = [];
  let size = 0;
  let fault: Error | null = null;
  try {
    for await (const part of answer) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > most) break; // leaving the loop ends the connection
    }
  } catch (error) {
    fault = error instanceof Error ? error : new Error(String(error));
  }
  return { text: Buffer.concat(parts).toString('utf8'), fault };
}
