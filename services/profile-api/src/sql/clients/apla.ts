import { createRequire } from 'node:module';

/** The part of @apla/clickhouse that is used; it has no types. */
interface Apla {
  pinging(): Promise<string>;
  querying(sql: string): Promise<{ readonly data: readonly unknown[] }>;
  query(sql: string): AsyncIterable<unknown>;
}

/** A client that is not of ClickHouse's makers, over HTTP by hand. */
export function openApla(url: string, key: string): Apla {
  const { hostname: host, port } = new URL(url);
  const ClickHouse = createRequire(import.meta.url)('@apla/clickhouse') as new (options: object) => Apla;
  return new ClickHouse({ host, port, user: 'any', password: key, queryOptions: { database: 'kenal' } });
}
