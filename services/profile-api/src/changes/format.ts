/** How a change goes over the wire. */
export interface Format {
  readonly mediaType: string;
  /** What is sent before the first change. @param retryMs when a client that was cut off may come back */
  hello(retryMs: number): string;
  /** Around the JSON of a change, whose last `cut` bytes are left out. */
  around(cursor: string): { readonly head: string; readonly tail: string };
  readonly cut: number;
  /** That the connection lives; with a cursor: that all before it was seen, and nothing in it was for this client. */
  beat(cursor: string | null): string;
  /** Why it ends, where coming back will not help. */
  fault(problem: Readonly<Record<string, unknown>>): string;
}

/**
 * Server-sent events: a change is a message without a name, so `onmessage` gets it. Some clients take over the id of events
 * with data only, hence the data of `position`.
 */
const SSE: Format = {
  mediaType: 'text/event-stream; charset=utf-8',
  hello: (retryMs) => `retry: ${retryMs}\n\n`,
  around: (cursor) => ({ head: `id: ${cursor}\ndata: `, tail: '\n\n' }),
  cut: 0,
  beat: (cursor) => (cursor === null ? ':\n\n' : `:\nevent: position\nid: ${cursor}\ndata: {}\n\n`),
  fault: (problem) => `event: fault\ndata: ${JSON.stringify(problem)}\n\n`,
};

/** A JSON object a line: the change with `cursor`, a `cursor` alone, or a `fault`; an empty line means nothing. */
const LINES: Format = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  hello: () => '\n',
  around: (cursor) => ({ head: '', tail: `,"cursor":"${cursor}"}\n` }),
  cut: 1,
  beat: (cursor) => (cursor === null ? '\n' : `{"cursor":"${cursor}"}\n`),
  fault: (problem) => `${JSON.stringify({ fault: problem })}\n`,
};

/** @param accept header of the request */
export function formatFor(accept: string | undefined): Format {
  return accept?.includes('application/x-ndjson') === true ? LINES : SSE;
}
