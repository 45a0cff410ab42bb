/** An event of a stream of server-sent events. */
export interface ServerEvent {
  /** '' for one without a name. */
  readonly event: string;
  /** Of this or the last event that had one; '' before there was any. */
  readonly id: string;
  /** Lines joined; null for what only keeps the connection alive. */
  readonly data: string | null;
}

const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * Events of the bytes of an answer, as HTML's specification reads them. Comments and `retry` come as an event without data, so
 * that whoever waits sees that the other end lives.
 */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const lines = text.split(LINE_END);
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [name, field] = fieldOf(line);
        if (line === '') {
          yield { event, id, data: data.length === 0 ? null : data.join('\n') };
          event = '';
          data = [];
        } else if (name === 'data') data.push(field);
        else if (name === 'event') event = field;
        else if (name === 'id' && !field.includes('\0')) id = field;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** `data: {"a":1}` → `['data', '{"a":1}']`; one blank after the colon is no part of the value. */
function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}
