// @ts-expect-error it has no types
import ClickHouse from '@apla/clickhouse';

/** The part of @apla/clickhouse that is used. */
interface Apla {
  pinging(): Promise<string>;
  querying(sql: string): Promise<{ readonly data: readonly unknown[] }>;
  query(sql: string): AsyncIterable<unknown>;
}

/** A client that is not of ClickHouse's makers, over HTTP by hand. */
export function openApla(url: string, key: string): Apla {
  const { hostname: host, port } = new URL(url);
  return new ClickHouse({ host, port, user: 'any', password: key, queryOptions: { database: 'kenal' } }) as Apla;
}
