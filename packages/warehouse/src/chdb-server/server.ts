import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KenalError } from '@kenal/errors';
import { type Engine, openEngine } from '../chdb/engine.ts';
import { refillLiveCopies } from '../live-copies.ts';
import { warehouseOn } from '../open-warehouse.ts';
import { SqlError } from '../sql-error.ts';
import { type AnswerContext, sendFault, sendResult } from './answer.ts';
import { isAuthorised } from './authorise.ts';
import { readStatement } from './statement.ts';

export interface ChdbServerOptions {
  /** Kenal's data directory; the engine lives in `warehouse` in it. */
  readonly dataDir: string;
  /** Whoever has it may do everything. */
  readonly password: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Default loopback; there is no TLS. */
  readonly host?: string;
  /** Queries that run side by side; default 2. */
  readonly readers?: number;
}

// Parameters and settings stand in the URL; as much as ClickHouse takes there (http_max_uri_size).
const MOST_HEADER_BYTES = 1024 * 1024;

export interface ChdbServer {
  /** `http://host:port`, what services take as CLICKHOUSE_URL (with the password). */
  readonly url: string;
  /** Take no more requests, finish those in hand, let go of the data. */
  close(): Promise<void>;
}

/**
 * The owner of a chDB data directory: speaks ClickHouse's HTTP interface, writes included, as far as @clickhouse/client
 * uses it, so the services of one machine share the engine as if it were a server. Inserts run one after the other.
 * @throws KenalError `data_in_use`, `missing_prerequisite`, `port_taken`
 */
export async function createChdbServer(options: ChdbServerOptions): Promise<ChdbServer> {
  const engine = await openEngine(options.dataDir, options.readers);
  const inHand = new Set<Promise<void>>();
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES }, (message, response) => {
    const handled: Promise<void> = handle(engine, options.password, message, response)
      .catch(() => void response.destroy())
      .finally(() => inHand.delete(handled));
    inHand.add(handled);
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  try {
    await refillLiveCopies(warehouseOn(engine)); // before anybody can ask
    await listen(server, options.port, options.host ?? '127.0.0.1');
  } catch (error) {
    await engine.close();
    throw error;
  }
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.all(inHand);
      server.closeAllConnections();
      await closed;
      await engine.close();
    },
  };
}

async function handle(
  engine: Engine,
  password: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const isPing = url.pathname === '/ping' || url.pathname === '/replicas_status';
  if (isPing || (message.method === 'GET' && !url.searchParams.has('query'))) return void response.end('Ok.\n');
  let context: AnswerContext = {
    queryId: url.searchParams.get('query_id') ?? randomUUID(),
    format: 'TabSeparated',
    compress: wantsGzip(message, url),
  };
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client went away')));
  try {
    if (!isAuthorised(message, url, password)) {
      message.resume();
      throw new SqlError(516, 'Code: 516. DB::Exception: wrong password (AUTHENTICATION_FAILED)');
    }
    const statement = await readStatement(message, url);
    context = { ...context, format: statement.format, queryId: statement.queryId ?? context.queryId };
    const result = await engine.pool.run(statement.role, statement.request, gone.signal);
    await sendResult(response, result, context);
  } catch (error) {
    if (!gone.signal.aborted) await sendFault(response, error, context);
  }
}

function wantsGzip(message: IncomingMessage, url: URL): boolean {
  const accepted = message.headers['accept-encoding'];
  return url.searchParams.get('enable_http_compression') === '1' && /\bgzip\b/.test(String(accepted ?? ''));
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new KenalError('port_taken', `${host}:${port}`, { cause: error }) : error),
    );
    server.listen(port, host, resolve);
  });
}
