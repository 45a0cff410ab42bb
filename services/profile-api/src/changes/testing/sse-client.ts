import type { ChangeEnvelope } from '@kenal/contracts';

/** A message of a stream. */
export interface Message {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

export interface SseClient extends Disposable {
  readonly status: number;
  readonly headers: Headers;
  /** The next message; null at the end of the stream. */
  next(): Promise<Message | null>;
  /** The next changes, in order. */
  changes(count: number): Promise<ChangeEnvelope[]>;
  /** Cursor of the last message. */
  readonly lastId: string;
}

/** By hand, so that a test reads just as far as it wants. @throws with the problem where it is refused */
export async function follow(url: string, key: string, lastId = ''): Promise<SseClient> {
  const gone = new AbortController();
  const headers = { 'x-read-key': key, ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
  const answer = await fetch(url, { headers, signal: gone.signal });
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  const chunks = answer.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = '';
  let id = lastId;

  async function next(): Promise<Message | null> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
        );
        text = text.slice(end + 2);
        id = fields.get('id') ?? id;
        const data = fields.get('data');
        if (data !== undefined) return { event: fields.get('event') ?? 'message', id, data };
        continue; // a comment, or when to come back
      }
      const { done, value } = await chunks.next();
      if (done === true) return null;
      text += value;
    }
  }

  return {
    status: answer.status,
    headers: answer.headers,
    next,
    async changes(count) {
      const found: ChangeEnvelope[] = [];
      while (found.length < count) {
        const message = await next();
        if (message === null) throw new Error(`the stream ended after ${found.length} of ${count} changes`);
        if (message.event === 'message') found.push(JSON.parse(message.data));
      }
      return found;
    },
    get lastId() {
      return id;
    },
    [Symbol.dispose]: () => gone.abort(),
  };
}
