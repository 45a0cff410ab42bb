import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';

/** So long a reader may take nothing of what waits for it. */
const STALLED_MS = 30_000;

/**
 * Where an answer goes: to a reader, as fast as it takes it. One who takes nothing for {@link STALLED_MS} is cut off, since
 * what waits lies in memory and has one of the workspace's places; one who takes little is not. Its end is the caller's.
 */
export function createTaker(raw: ServerResponse, stalledMs: number = STALLED_MS): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      if (raw.write(chunk)) return done();
      const settle = (error?: Error): void => {
        raw.setTimeout(0);
        for (const [event, listener] of Object.entries(listeners)) raw.off(event, listener);
        done(error);
      };
      const listeners = {
        drain: () => settle(),
        close: () => settle(new Error('the client went away')),
        timeout: () => raw.destroy(), // Node counts what the system took, so less than a chunk is something
      };
      for (const [event, listener] of Object.entries(listeners)) raw.on(event, listener);
      raw.setTimeout(stalledMs);
    },
  });
}
