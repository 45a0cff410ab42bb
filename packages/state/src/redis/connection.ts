import { Redis } from 'ioredis';
import type { WarnLogger } from '../logger.ts';
import { unavailable } from '../unavailable.ts';
import { SCRIPTS, type Script } from './scripts.ts';

/** No call waits longer for Redis than this; then it is `unavailable` and the caller tries again. */
export const DEFAULT_DEADLINE_MS = 15_000;

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
  runForBytes(script: Script, call: ScriptCall): Promise<readonly Buffer[]>;
}

/** Connect and put the scripts in place. @throws KenalError `unavailable` where Redis does not answer */
export async function connect(url: string, deadlineMs: number, logger: WarnLogger): Promise<Connection> {
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 5,
    retryStrategy: (times) => Math.min(100 * times, 1_000),
  });
  const within = <T>(work: Promise<T>) => deadline(work, deadlineMs);
  redis.on('error', (error) => logger.warn({ err: error }, 'identity state: connection to Redis lost'));
  try {
    await within(redis.connect());
    await within(Promise.all(SCRIPTS.map((script) => redis.script('LOAD', script.lua))));
    await within(warnOfEviction(redis, logger));
  } catch (error) {
    redis.disconnect();
    throw unavailable(error);
  }
  return {
    redis,
    within,
    run: (script, calls) => within(runAll(redis, script, calls)),
    runForBytes: (script, call) => within(runForBytes(redis, script, call)),
  };
}

async function deadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
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

async function runForBytes(redis: Redis, script: Script, call: ScriptCall): Promise<Buffer[]> {
  try {
    return (await redis.callBuffer('EVALSHA', evalsha(script, call))) as Buffer[];
  } catch (error) {
    if (!isNoScript(error)) throw error;
    await redis.script('LOAD', script.lua);
    return (await redis.callBuffer('EVALSHA', evalsha(script, call))) as Buffer[];
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
