/** Events gathered for one request. */
export interface Batch {
  /** `{"batch":[…]}`, or under another name */
  readonly body: string;
  /** Line of the file that each event comes from, in order. */
  readonly lines: readonly number[];
  /** Rows of the file read when the batch was closed: where a later run may go on once it and all before it are stored. */
  readonly rowsRead: number;
}

/** Limits of the tracking API (reliability.md), with room for the envelope. */
const MAX_BATCH_EVENTS = 2_500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024 - 64 * 1024;

export interface Batcher {
  /** @returns a full batch that this event did not fit into any more, else null */
  add(event: string, line: number, rowsRead: number): Batch | null;
  /** What is left, null where nothing is. */
  flush(rowsRead: number): Batch | null;
}

/** @param name of the field that holds the list */
export function createBatcher(maxEvents = MAX_BATCH_EVENTS, maxBytes = MAX_BATCH_BYTES, name = 'batch'): Batcher {
  let events: string[] = [];
  let lines: number[] = [];
  let bytes = 0;
  const flush = (rowsRead: number): Batch | null => {
    if (events.length === 0) return null;
    const batch = { body: `{"${name}":[${events.join(',')}]}`, lines, rowsRead };
    [events, lines, bytes] = [[], [], 0];
    return batch;
  };
  return {
    flush,
    add: (event, line, rowsRead) => {
      const size = Buffer.byteLength(event) + 1;
      const full = events.length >= maxEvents || (bytes + size > maxBytes && events.length > 0);
      const closed = full ? flush(rowsRead - 1) : null;
      events.push(event);
      lines.push(line);
      bytes += size;
      return closed;
    },
  };
}
