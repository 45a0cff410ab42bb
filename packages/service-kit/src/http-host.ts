import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isKenalError, KenalError } from '@kenal/errors';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchema,
  LogController,
} from 'fastify';
import { answerClientError, answerExpectations } from './client-error.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { problemOf } from './problem.ts';

export interface HttpHostOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly version: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /**
   * Where the port is taken: try the ones after it (a default was taken) or fail (one was asked for).
   */
  readonly onTaken?: 'next' | 'fail';
  /** Bytes of a body as it comes over the wire; routes cap the unzipped size themselves. Default 4 MiB + 64 KiB. */
  readonly bodyLimit?: number;
  /** Bytes of a request's line and headers; default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** Longest time in which a request may arrive, headers and body; then 408. Answers may take longer. Default 30 s. */
  readonly requestTimeoutMs?: number | undefined;
  /** How long connections may stay once the host closes; then they are cut. Default 10 s. */
  readonly closeTimeoutMs?: number | undefined;
}

/** One HTTP server of a process, on which services mount their routes. */
export interface HttpHost {
  readonly app: FastifyInstance;
  /** @returns the address that clients use, e.g. `http://127.0.0.1:8080` */
  listen(): Promise<string>;
  /** Answer what is in hand, refuse what is new; cut off who takes longer than the deadline. */
  close(): Promise<void>;
}

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;
const MAX_HEADER_BYTES = 16 * 1024;
const LONGEST_PARAMETER = 2_048;
const MAX_PORT_TRIES = 100;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 10_000;
const LONGEST_CHECK_INTERVAL_MS = 5_000;
// Not part of the API description (an option of @fastify/swagger, which this package does not know).
const HIDDEN = { hide: true } as FastifySchema;

/**
 * A fastify server without body parsers of its own (bodies arrive as the raw stream's bytes: `request.body` is a Buffer),
 * with `/livez`, `/readyz[?verbose]`, `/metrics`, `/version`, and every error as RFC 9457 problem details that also carry
 * `code` and `message` (wire.md: one SDK retries a 400 without them).
 */
export function createHttpHost(options: HttpHostOptions): HttpHost {
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const bodyLimit = options.bodyLimit ?? 4 * 1024 * 1024 + 64 * 1024;
  const app = fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger, // nobody logs by request, and a child with its redaction costs 3 µs each
    bodyLimit,
    clientErrorHandler: answerClientError,
    // What the router refuses, of which no error handler hears
    frameworkErrors: (error, request, reply) => sendError(options.logger, error, request, reply),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: LONGEST_PARAMETER },
    requestTimeout,
    http: {
      maxHeaderSize: options.maxHeaderBytes ?? MAX_HEADER_BYTES,
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(requestTimeout, LONGEST_CHECK_INTERVAL_MS),
    },
    forceCloseConnections: 'idle',
    keepAliveTimeout: 65_000,
    trustProxy: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(options.logger, error, request, reply));
  // Before a body is read: whoever asks for nothing that we have takes no memory with it
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) throw new KenalError('not_found', `${request.method} ${request.url.split('?')[0]}`);
    const { headers } = request.raw;
    // fastify refuses a body whose content type is none; whoever reads it knows what it is
    if (!MEDIA_TYPE.test(headers['content-type'] ?? 'a/b')) delete headers['content-type'];
    const limit = request.routeOptions.bodyLimit ?? bodyLimit;
    if (Number(request.headers['content-length']) > limit) {
      reply.header('connection', 'close'); // it is not read
      throw new KenalError('body_too_large', `${limit} bytes are the most`);
    }
    done();
  });
  answerExpectations(app.server);
  const closeUnused = trackUnused(app.server);
  mountOperations(app, options);
  return {
    app,
    listen: () => listen(app, options),
    close() {
      closeUnused();
      return close(app, options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS);
    },
  };
}

function mountOperations(app: FastifyInstance, options: HttpHostOptions): void {
  app.get('/livez', { schema: HIDDEN }, () => 'ok\n');
  app.get<{ Querystring: Record<string, string> }>('/readyz', { schema: HIDDEN }, async (request, reply) => {
    const report = await options.health.report();
    reply.code(report.ok ? 200 : 503).type('text/plain; charset=utf-8');
    if (report.ok && request.query.verbose === undefined) return 'ok\n';
    return `${report.lines.map((line) => `[${line.ok ? '+' : '-'}] ${line.name}: ${line.detail}`).join('\n')}\n`;
  });
  app.get('/metrics', { schema: HIDDEN }, async (_request, reply) => {
    const { contentType, text } = await options.metrics.render();
    return reply.type(contentType).send(text);
  });
  app.get('/version', { schema: HIDDEN }, () => ({ version: options.version, node: process.version }));
}

async function listen(app: FastifyInstance, options: HttpHostOptions): Promise<string> {
  const tries = options.onTaken === 'next' && options.port !== 0 ? MAX_PORT_TRIES : 1;
  for (let step = 0; ; step++) {
    try {
      await app.listen({ host: options.host, port: options.port === 0 ? 0 : options.port + step });
      break;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      if (step + 1 >= tries)
        throw new KenalError(
          'port_taken',
          `${options.host}:${options.port}; stop what listens there or choose another`,
          { cause },
        );
    }
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const shown = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/**
 * Clients open connections ahead of requests, and Node does not count those as idle: they would hold up the end, and a
 * client that came back by one would find a server that stops.
 * @returns closes them, and those that come from then on
 */
function trackUnused(server: Server): () => void {
  const sockets = new Set<Socket>();
  let isClosing = false;
  server.on('connection', (socket: Socket) => {
    if (isClosing) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    isClosing = true;
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
}

// A server that closes no longer looks for slow requests by itself
async function close(app: FastifyInstance, timeoutMs: number): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  try {
    await app.close();
  } finally {
    clearTimeout(deadline);
  }
}

function sendError(
  logger: Logger,
  error: FastifyError | KenalError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = toKenalError(error);
  if (known.code === 'internal')
    logger.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed');
  if (known.retryable && known.status >= 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  reply
    .code(known.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(known)));
}

// What fastify throws by itself: a body over the limit, a broken URL, a failed schema.
function toKenalError(error: FastifyError | KenalError): KenalError {
  if (isKenalError(error)) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new KenalError('body_too_large');
  if (error.code === 'FST_ERR_BAD_URL') return new KenalError('bad_query', 'the path is no percent-encoded UTF-8');
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new KenalError('bad_query', `a part of the path has more than ${LONGEST_PARAMETER} characters`);
  if (error.validation !== undefined || error.statusCode === 400) return new KenalError('bad_query', error.message);
  if (error.statusCode === 404) return new KenalError('not_found');
  return new KenalError('internal', undefined, { cause: error });
}
