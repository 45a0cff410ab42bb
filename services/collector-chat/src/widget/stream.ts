import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Acceptor, findKey, type KeyAccess, type Keyring, openKey, type RateLimiter } from '@kenal/collector-kit';
import { isKenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Connection, type ConnectionDeps, createConnection } from './connection.ts';
import type { Visitors } from './visitors.ts';

export interface StreamDeps {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  readonly rates: RateLimiter;
  readonly visitors: Visitors;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often each client is asked whether it is still there; who did not answer since is let go. Default 30 s. */
  readonly pingMs?: number | undefined;
  /** Most clients at once; who comes then is asked to come later. Default 10,000. */
  readonly mostConnections?: number | undefined;
}

/** `GET /v1/stream?writeKey=`: events over a websocket (wire.md). */
export interface Stream {
  /** Answer upgrades of this path; all other requests stay what they are. */
  attach(server: Server): void;
  /** Answer what came, then say good-bye to everybody. */
  close(): Promise<void>;
}

const PATH = /^\/+v1\/+stream\/*(?:\?|$)/;
/** Above the limit of an event, so that one that is a little too large is refused and not its connection closed. */
const FRAME_BYTES = 256 * 1024;
const PING_MS = 30_000;
const MOST_CONNECTIONS = 10_000;
const GOOD_BYE_MS = 2_000;
/** A control frame has 125 bytes, 2 of them the code. */
const LONGEST_REASON = 120;

interface Client {
  readonly connection: Connection;
  isAlive: boolean;
}

export function createStream(deps: StreamDeps): Stream {
  const { keyring, metrics, logger, pingMs = PING_MS, mostConnections = MOST_CONNECTIONS } = deps;
  const clients = new Map<WebSocket, Client>();
  const outcomes = metrics.counter('kenal_collector_stream_frames_total', 'Frames, by what became of them', [
    'outcome',
  ]);
  const closings = metrics.counter(
    'kenal_collector_stream_closed_total',
    'Connections ended, by close code, or what was wrong with a frame',
    ['code'],
  );
  const connected = metrics.gauge('kenal_collector_stream_connections', 'Clients of the stream now');
  const own: ConnectionDeps = { ...deps, frames: outcomes, load: { bytes: 0 } };
  // No compression: a small frame would stand for a large one, and each connection would hold its window
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    autoPong: true,
  });
  let isDraining = false;

  function begin(socket: WebSocket, request: IncomingMessage): void {
    // Too large a frame, no frame at all: ws closes with the code that says so, and tells us its own
    let fault: string | undefined;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fault = error.code;
      logger.debug({ err: error }, 'a client of the stream broke the protocol');
    });
    socket.once('close', (code) => closings.inc({ code: fault ?? String(code) }));
    const opened = open(keyring, request);
    if (typeof opened === 'string') socket.close(1008, opened);
    else if (clients.size >= mostConnections) socket.close(1013, 'overloaded: come again later');
    else serve(socket, opened);
  }

  function serve(socket: WebSocket, access: KeyAccess): void {
    const client: Client = { connection: createConnection(socket, access, own), isAlive: true };
    clients.set(socket, client);
    connected.set(clients.size);
    socket.on('message', (data) => {
      client.isAlive = true;
      client.connection.take(data as Buffer);
    });
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.once('close', () => {
      clients.delete(socket);
      connected.set(clients.size);
      client.connection.close();
    });
  }

  const heart = setInterval(() => {
    for (const [socket, client] of clients) {
      // One that we do not read ourselves cannot answer
      if (!client.isAlive && !socket.isPaused) socket.terminate();
      client.isAlive = false;
      socket.ping();
    }
  }, pingMs);
  heart.unref();

  return {
    attach(http) {
      // Where nobody looked, a client that offers HTTP/2 beside its request (Java's does) would be taken for a websocket
      (http as Upgradable).shouldUpgradeCallback = isStream;
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (!isDraining && isStream(request)) return server.handleUpgrade(request, socket, head, begin);
        // Nobody else listens to it any more: who resets it meanwhile would end the process
        return socket.on('error', () => undefined).end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      });
    },
    async close() {
      isDraining = true;
      clearInterval(heart);
      await Promise.all(Array.from(clients, ([socket, { connection }]) => leave(socket, connection)));
    },
  };
}

/** Since Node 24.9, whose types do not know it yet. */
type Upgradable = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

function isStream(request: IncomingMessage): boolean {
  return PATH.test(request.url ?? '') && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** @returns what the key opens, or why it opens nothing */
function open(keyring: Keyring, { headers, url = '' }: IncomingMessage): KeyAccess | string {
  const query = Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1)));
  try {
    return openKey(keyring, findKey({ headers, query, body: null }));
  } catch (error) {
    if (!isKenalError(error)) throw error;
    return Buffer.from(`${error.code}: ${error.detail}`)
      .subarray(0, LONGEST_REASON)
      .toString('utf8')
      .replace(/\ufffd+$/, '');
  }
}

async function leave(socket: WebSocket, connection: Connection): Promise<void> {
  await connection.drain();
  if (socket.readyState === socket.CLOSED) return;
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.close(1001, 'draining: come again, to another');
  const deadline = setTimeout(() => socket.terminate(), GOOD_BYE_MS);
  await gone;
  clearTimeout(deadline);
}
