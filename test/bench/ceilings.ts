import { buffer } from 'node:stream/consumers';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import kafkajs from 'kafkajs';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { type LoadResult, runLoad } from './load.ts';
import { quiet } from './measure.ts';
import type { Requests } from './requests.ts';

const SECONDS = 3;
const BARE_HTTP = new URL('./bare-http.ts', import.meta.url).pathname;

/** A bare node:http server under the same requests. @returns events a second */
export async function bareHttp(requests: Requests, connections: number): Promise<number> {
  const port = await freePort();
  const server = startProcess('bare-http', [BARE_HTTP], { KENAL_PORT: `${port}` });
  await server.seen(/listening/);
  const url = `http://127.0.0.1:${port}`;
  await loadFor(1, url, requests, connections); // warm
  await quiet();
  const { events, seconds } = await loadFor(SECONDS, url, requests, connections);
  await server.kill();
  return events / seconds;
}

export function loadFor(
  seconds: number,
  url: string,
  requests: Pick<Requests, 'next'>,
  connections: number,
  pace?: number,
): Promise<LoadResult> {
  const end = performance.now() + seconds * 1_000;
  const next = () => (performance.now() < end ? requests.next() : null);
  return runLoad({ url, connections, next, ...(pace === undefined ? {} : { pace }) });
}

/** A bare kafkajs producer, acks=all, 100 records of 650 bytes a send, 16 sends at once. @returns records a second */
export async function bareKafka(brokers: string): Promise<number> {
  const client = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: 'bare', numPartitions: 8 }] });
  await admin.disconnect();
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const value = Buffer.alloc(650, 1);
  let key = 0;
  const send = async (seconds: number): Promise<number> => {
    const end = performance.now() + seconds * 1_000;
    let records = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        const messages = Array.from({ length: 100 }, () => ({ key: `customer-${key++ % 5_000}`, value }));
        await producer.send({ topic: 'bare', acks: -1, messages });
        records += messages.length;
      }
    };
    await Promise.all(Array.from({ length: 16 }, caller));
    return records / seconds;
  };
  await send(4); // a young JVM is several times slower
  await quiet();
  const rate = await send(SECONDS);
  await producer.disconnect();
  return rate;
}

export interface InsertCeiling {
  readonly rowBytes: number;
  /** Rows a second of one insert of all rows, and core-µs a row: a table of the same columns alone, Kenal's own table. */
  readonly plain: Inserted;
  readonly own: Inserted;
}

interface Inserted {
  readonly rate: number;
  readonly coreMicros: number;
}

const INSERT_ROWS = 50_000;
const ROUNDS = 3;

/** Insert rows that Kenal itself has written, in the form in which it inserts them, into tables of the same columns; the best of three rounds. */
export async function bareInsert(dataDir: string): Promise<InsertCeiling> {
  await using undo = new AsyncDisposableStack();
  const warehouse = await openWarehouse({ dataDir });
  undo.defer(() => warehouse.close());
  const write = (sql: string) => warehouse.query(sql, { role: 'writer' });
  const source = 'kenal.interaction_rows';
  const columns = await warehouse.query<{ name: string; type: string }>(
    `SELECT name, type FROM system.columns WHERE database = 'kenal' AND table = 'interaction_rows' ORDER BY position`,
  );
  const typed = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  await write(`CREATE TABLE kenal.bare_plain (${typed}) ENGINE = MergeTree ORDER BY (workspace, source, message_id)`);
  await write(`CREATE TABLE kenal.bare_own AS ${source}`);
  const { bytes, rows } = await rowsOf(warehouse, `SELECT * FROM ${source} LIMIT ${INSERT_ROWS}`);
  // All in one; the rest only counts, for the warehouse checks how many it took
  const blocks = [bytes, ...Array<Uint8Array>(rows - 1).fill(new Uint8Array(0))];
  const insert = (table: string) =>
    best(rows, () => warehouse.insertRows(table, { columns, head: new Uint8Array(0) }, blocks));
  return {
    rowBytes: bytes.length / rows,
    plain: await insert('kenal.bare_plain'),
    own: await insert('kenal.bare_own'),
  };
}

interface Rows {
  /** With their head. */
  readonly bytes: Buffer;
  readonly rows: number;
}

async function rowsOf(warehouse: Warehouse, sql: string): Promise<Rows> {
  const { stream } = await warehouse.raw(sql, { role: 'writer', format: 'RowBinaryWithNamesAndTypes' });
  const [counted] = await warehouse.query<{ rows: number }>(`SELECT count() AS rows FROM (${sql})`, { role: 'writer' });
  return { bytes: await buffer(stream), rows: counted?.rows ?? 0 };
}

async function best(rows: number, insert: () => Promise<void>): Promise<Inserted> {
  let found: Inserted = { rate: 0, coreMicros: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    await quiet();
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    await insert();
    const used = process.cpuUsage(cpu);
    const rate = (rows * 1_000) / (performance.now() - began);
    if (rate > found.rate) found = { rate, coreMicros: (used.user + used.system) / rows };
  }
  return found;
}
