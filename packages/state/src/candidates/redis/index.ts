import type { CandidateIndex, Found, IndexedRecord, RecordName } from '@kenal/contracts';
import { silentLogger, type WarnLogger } from '@kenal/storage-kit';
import { type Connection, connect } from '../../redis/connection.ts';
import { DEFAULT_BLOCK_LIMIT } from '../block.ts';
import { compareRecords } from '../record-name.ts';
import { LOOK, PUT } from './scripts.ts';

export interface RedisCandidateOptions {
  /** `redis://[user:password@]host:port[/db]` or `rediss://…`; Redis 6.2 or newer. */
  readonly url: string;
  readonly blockLimit?: number | undefined;
  readonly logger?: WarnLogger | undefined;
}

const SCANNED = 1_000;

/** The candidate index in Redis. @throws KenalError `unavailable` where Redis does not answer */
export async function openRedisCandidates(options: RedisCandidateOptions): Promise<CandidateIndex> {
  const connection = await connect(options.url, options.logger ?? silentLogger);
  const { redis, within, run } = connection;
  const limit = options.blockLimit ?? DEFAULT_BLOCK_LIMIT;
  return {
    begin: async (workspace, model) => void (await within(redis.sadd(modelsKey(workspace), model))),
    models: async (workspace) => (await within(redis.smembers(modelsKey(workspace)))).sort(),
    async put(workspace, model, records) {
      const keys = [prefixOf(workspace, model), modelsKey(workspace)];
      await run(
        PUT,
        records.map((record) => ({
          keys,
          args: [model, nameOf(record), record.isLate ? 1 : 0, limit, ...placesOf(record)],
        })),
      );
    },
    async look(workspace, model, keys) {
      const args = placesOf({ keys });
      const [reply] = await run(LOOK, [{ keys: [prefixOf(workspace, model)], args }]);
      return readFound(reply as [number, string[]]);
    },
    async late(workspace, model, most) {
      const prefix = prefixOf(workspace, model);
      const ids = await within(redis.srandmember(`${prefix}late`, most));
      if (ids.length === 0) return [];
      const records = await within(redis.hmget(`${prefix}records`, ...ids));
      return records.filter((text) => text !== null).map(readName);
    },
    async retain(workspace, models) {
      for (const model of await within(redis.smembers(modelsKey(workspace))))
        if (!models.includes(model)) await drop(connection, workspace, model);
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** First off the list, so that nobody finds half of it. */
async function drop({ redis, within }: Connection, workspace: string, model: string): Promise<void> {
  await within(redis.srem(modelsKey(workspace), model));
  let cursor = '0';
  do {
    const [next, keys] = await within(redis.scan(cursor, 'MATCH', `${prefixOf(workspace, model)}*`, 'COUNT', SCANNED));
    if (keys.length > 0) await within(redis.unlink(...keys));
    cursor = next;
  } while (cursor !== '0');
}

function modelsKey(workspace: string): string {
  return `kenal:{${workspace}}:cand:models`;
}

function prefixOf(workspace: string, model: string): string {
  return `kenal:{${workspace}}:cand:${model}:`;
}

function nameOf({ owner, source }: RecordName): string {
  return JSON.stringify([owner, source]);
}

/** Each key once, with its bucket: `0:1x2abc` → `abc/0:1x2abc`. */
function placesOf({ keys }: Pick<IndexedRecord, 'keys'>): string[] {
  return [...new Set(keys)].map((key) => `${key.slice(-3)}/${key}`);
}

function readName(record: string): RecordName {
  const [owner, source] = JSON.parse(record.slice(0, record.indexOf('\n'))) as [string, string];
  return { owner, source };
}

function readFound([oversize, records]: [number, string[]]): Found {
  return {
    records: records
      .filter((text) => text !== '')
      .map(readName)
      .sort(compareRecords),
    oversize,
  };
}
