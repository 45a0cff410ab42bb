import { COMMIT } from './commit-script.ts';
import { MOVES } from './keys.ts';
import { type Script, script } from './script.ts';

/**
 * KEYS: processed, components. Answer: the count of moves, then as JSON for each component its fields and values in turn;
 * an empty list is `{}`. One text is read far faster than thousands of them.
 */
export const LOAD = script(`
local found = {}
for i = 2, #KEYS do found[i - 1] = redis.call('HGETALL', KEYS[i]) end
return {redis.call('HGET', KEYS[1], '${MOVES}'), cjson.encode(found)}`);

/** KEYS: shelf. ARGV: most entries to give. Answer: how many it has, then leaf and rank in turn. */
export const SHELF = script(`
local size, limit = redis.call('ZCARD', KEYS[1]), tonumber(ARGV[1])
return {size, limit > 0 and redis.call('ZRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES') or {}}`);

/** KEYS: processed. ARGV: partition, offset and the least that must stand there, in turn. Answer: what stood there before each. */
export const ADVANCE = script(`
local before = {}
for i = 1, #ARGV, 3 do
  local now = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '-1')
  if tonumber(ARGV[i + 1]) > now and now >= tonumber(ARGV[i + 2]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
  before[#before + 1] = now
end
return before`);

/**
 * KEYS: lease, outbox. ARGV: token, milliseconds, limit. Answer: the oldest messages, null where another has the lease.
 * Redis keeps expiries as hours of its own clock: a lease that has long to run was taken before that was set back.
 */
export const RELAY_BEGIN = script(`
if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
if redis.call('PTTL', KEYS[1]) > 2 * tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('LRANGE', KEYS[2], 0, tonumber(ARGV[3]) - 1)`);

/** KEYS: lease. ARGV: token, milliseconds. */
export const RELAY_RENEW = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`);

/** KEYS: lease, outbox. ARGV: token, how many messages to drop. Drops nothing where the lease is another's by now. */
export const RELAY_END = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if tonumber(ARGV[2]) > 0 then redis.call('LTRIM', KEYS[2], tonumber(ARGV[2]), -1) end
return 1`);

export const SCRIPTS: readonly Script[] = [LOAD, SHELF, COMMIT, ADVANCE, RELAY_BEGIN, RELAY_RENEW, RELAY_END];
