import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A whole HTTP request, ready to be written. */
export interface HttpRequest {
  readonly bytes: Buffer;
  /** Events in it. */
  readonly events: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  /** The next request, or null where the load ends. */
  readonly next: () => HttpRequest | null;
  /** Requests a second; left out: each connection sends again as soon as it is answered. */
  readonly pace?: number;
}

export interface LoadResult {
  readonly requests: number;
  /** Acknowledged events. */
  readonly events: number;
  /** Answers other than 200. */
  readonly refused: number;
  readonly seconds: number;
  /** Milliseconds to each answer; under a pace from the moment at which the request was due. */
  readonly waits: readonly number[];
}

/**
 * Load over keep-alive connections, one request at a time on each. Bytes are written and counted here without an HTTP
 * client between, so that as little as possible of the two cores is the load generator's.
 */
export async function runLoad({ url, connections, next, pace }: LoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const waits: number[] = [];
  let [events, refused, slot] = [0, 0, 0];
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(hostname, Number(port))));
  const began = performance.now();
  const lane = async (socket: Socket): Promise<void> => {
    const answer = createAnswers(socket);
    for (;;) {
      const due = pace === undefined ? performance.now() : began + (slot++ * 1_000) / pace;
      const early = due - performance.now();
      if (early > 0) await delay(early);
      const request = next();
      if (request === null) return;
      const start = early > 0 ? performance.now() : due; // a timer that fires late is not the server's fault
      socket.write(request.bytes);
      const status = await answer();
      waits.push(performance.now() - start);
      if (status === 200) events += request.events;
      else refused++;
    }
  };
  try {
    await Promise.all(sockets.map(lane));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { requests: waits.length, events, refused, seconds: (performance.now() - began) / 1_000, waits };
}

async function connect(host: string, port: number): Promise<Socket> {
  const socket = createConnection({ host, port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** @returns a function that resolves with the status of the next answer on this socket */
function createAnswers(socket: Socket): () => Promise<number> {
  let received = '';
  let waiting: PromiseWithResolvers<number> | null = null;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(received)?.[1];
    if (length === undefined) return void waiting?.reject(new Error(`an answer without a length:\n${received}`));
    if (received.length < head + 4 + Number(length)) return;
    const status = Number(received.slice(9, 12));
    received = '';
    waiting?.resolve(status);
  });
  const end = (): void => waiting?.reject(new Error('the server closed a connection under load'));
  socket.on('error', end);
  socket.on('close', end);
  return () => {
    waiting = Promise.withResolvers<number>();
    return waiting.promise;
  };
}
