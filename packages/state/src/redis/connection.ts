import type { WarnLogger } from '@kenal/storage-kit';
import { connectRedis, REDIS_DEADLINE_MS } from '@kenal/storage-kit/redis';
import type { Redis } from 'ioredis';
import { faults } from '../faults.ts';
import type { Script } from './script.ts';
import { SCRIPTS } from './scripts.ts';

export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly (string | Buffer | number)[];
}

/** A connection that runs our scripts in pipelines. Replies are strings, numbers or nested lists of them. */
export interface Connection {
  readonly redis: Redis;
  /** @throws KenalError `unavailable` for whatever went wrong, silence past the deadline included */
  within<T>(work: Promise<T>): Promise<T>;
  /** One reply a call, in order. @throws KenalError `unavailable` where any of them failed */
  run(script: Script, calls: readonly ScriptCall[]): Promise<readonly unknown[]>;
  /** One call whose reply is a list of bytes. */
  runForBytes(script: Script, call: ScriptCall): Promise<readonly Buffer[] | null>;
}

/** Connect and put the scripts in place. @throws KenalError `unavailable` where Redis does not answer */
export async function connect(url: string, logger: WarnLogger, deadlineMs = REDIS_DEADLINE_MS): Promise<Connection> {
  const redis = await connectRedis({ url, faults, logger, deadlineMs });
  const within = <T>(work: Promise<T>) => faults.within(work, deadlineMs);
  try {
    await within(Promise.all(SCRIPTS.map((script) => redis.script('LOAD', script.lua))));
    await within(warnOfEviction(redis, logger));
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    redis,
    within,
    run: (script, calls) => within(runAll(redis, script, calls)),
    runForBytes: (script, call) => within(runForBytes(redis, script, call)),
  };
}

async function runAll(redis: Redis, script: Script, calls: readonly ScriptCall[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const call of calls) pipeline.call('EVALSHA', evalsha(script, call));
  const replies = (await pipeline.exec()) ?? [];
  const results = replies.map(([, result]) => result);
  const unknown = replies.flatMap(([error], index) => (isNoScript(error) ? [index] : []));
  const failed = replies.find(([error]) => error !== null && !isNoScript(error));
  if (failed) throw failed[0];
  if (unknown.length === 0) return results;
  // Redis was restarted or its scripts were flushed: a call that it did not know has done nothing yet.
  await redis.script('LOAD', script.lua);
  const again = await runAll(
    redis,
    script,
    unknown.map((index) => calls[index]!),
  );
  for (const [n, index] of unknown.entries()) results[index] = again[n];
  return results;
}

async function runForBytes(redis: Redis, script: Script, call: ScriptCall): Promise<Buffer[] | null> {
  try {
    return (await redis.callBuffer('EVALSHA', evalsha(script, call))) as Buffer[] | null;
  } catch (error) {
    if (!isNoScript(error)) throw error;
    await redis.script('LOAD', script.lua);
    return (await redis.callBuffer('EVALSHA', evalsha(script, call))) as Buffer[] | null;
  }
}

function evalsha(script: Script, call: ScriptCall): (string | Buffer | number)[] {
  const args: (string | Buffer | number)[] = [script.sha, call.keys.length];
  for (const key of call.keys) args.push(key);
  for (const arg of call.args) args.push(arg);
  return args;
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

async function warnOfEviction(redis: Redis, logger: WarnLogger): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy !== undefined && policy !== 'noeviction')
    logger.warn({ policy }, 'Redis may evict identity evidence: set maxmemory-policy to noeviction');
}
