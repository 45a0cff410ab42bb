import type { WarnLogger } from '@kenal/storage-kit';
import { connectRedis, REDIS_DEADLINE_MS } from '@kenal/storage-kit/redis';
import type { Redis } from 'ioredis';
import { faults } from '../faults.ts';
import type { Script } from './script.ts';
import { createScriptCommand, type ScriptCall, type ScriptCommand } from './script-command.ts';
import { SCRIPTS } from './scripts.ts';

/** A connection that runs our scripts in pipelines. Replies are strings, numbers or nested lists of them. */
export interface Connection {
  readonly redis: Redis;
  /** @throws KenalError `unavailable` for whatever went wrong, silence past the deadline included */
  within<T>(work: Promise<T>): Promise<T>;
  /** One reply a call, in order. @throws KenalError `unavailable` where any of them failed */
  run(script: Script, calls: Iterable<ScriptCall>): Promise<readonly unknown[]>;
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
    run: (script, calls) => within(runAll(redis, script, commandsOf(script, calls))),
    runForBytes: (script, call) => within(runForBytes(redis, script, call)),
  };
}

async function runAll(redis: Redis, script: Script, commands: Iterable<ScriptCommand>): Promise<unknown[]> {
  const sent: ScriptCommand[] = [];
  // Each is on its way while the next one is put together
  for (const command of commands) {
    sent.push(command);
    void redis.sendCommand(command);
  }
  const replies = await Promise.allSettled(sent.map(({ promise }) => promise));
  const results: unknown[] = [];
  const unknown: number[] = [];
  for (const [index, reply] of replies.entries()) {
    if (reply.status === 'fulfilled') results[index] = reply.value;
    else if (isNoScript(reply.reason)) unknown.push(index);
    else throw reply.reason;
  }
  if (unknown.length === 0) return results;
  // Redis was restarted or its scripts were flushed: a call that it did not know has done nothing yet.
  await redis.script('LOAD', script.lua);
  const again = await runAll(
    redis,
    script,
    unknown.map((index) => sent[index]!.again()),
  );
  for (const [n, index] of unknown.entries()) results[index] = again[n];
  return results;
}

function* commandsOf(script: Script, calls: Iterable<ScriptCall>): Iterable<ScriptCommand> {
  for (const call of calls) yield createScriptCommand(script, call);
}

async function runForBytes(redis: Redis, script: Script, call: ScriptCall): Promise<Buffer[] | null> {
  const command = createScriptCommand(script, call, null);
  try {
    return (await redis.sendCommand(command)) as Buffer[] | null;
  } catch (error) {
    if (!isNoScript(error)) throw error;
    await redis.script('LOAD', script.lua);
    return (await redis.sendCommand(command.again())) as Buffer[] | null;
  }
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

async function warnOfEviction(redis: Redis, logger: WarnLogger): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy !== undefined && policy !== 'noeviction')
    logger.warn({ policy }, 'Redis may evict identity evidence: set maxmemory-policy to noeviction');
}
