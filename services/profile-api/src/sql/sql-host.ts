import { createHttpHost, type Health, type HttpHost, type Service } from '@kenal/service-kit';
import { mountSql, type SqlRouteDeps } from './routes.ts';

export interface SqlHostOptions extends SqlRouteDeps {
  readonly health: Health;
  readonly version: string;
  readonly host: string;
  /** Default port of ClickHouse's HTTP interface is 8123; 0 takes a free one. */
  readonly port: number;
  /** `next`: where a default is taken, the next free one. */
  readonly onTaken: 'next' | 'fail';
}

export interface SqlHost extends Service {
  /** Root of the endpoint, e.g. `http://127.0.0.1:8123`; known after `start`. */
  readonly url: string;
}

// Statement and parameters may stand in the URL
const MOST_HEADER_BYTES = 256 * 1024;

/** The SQL endpoint on a port of its own: most drivers know only host and port. */
export function createSqlHost(options: SqlHostOptions): SqlHost {
  const host: HttpHost = createHttpHost({ ...options, maxHeaderBytes: MOST_HEADER_BYTES });
  // What ClickHouse says where nothing is asked: drivers and people use it to see that somebody is there.
  host.app.addHook('preHandler', async (request, reply) => {
    const asksNothing =
      (request.method === 'GET' || request.method === 'HEAD') &&
      request.routeOptions.url === '/' &&
      !hasQuery(request.query);
    if (asksNothing) return reply.type('text/plain; charset=UTF-8').send('Ok.\n');
  });
  mountSql(host.app, '/', options);
  let url = '';
  return {
    get url() {
      return url;
    },
    start: async () => {
      url = await host.listen();
    },
    stop: () => host.close(),
  };
}

function hasQuery(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'query' in query;
}
