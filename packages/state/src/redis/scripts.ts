import { createHash } from 'node:crypto';

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** KEYS: components. Answer: for each its fields and values in turn. One reply for many is cheaper than many replies. */
export const LOAD = script(`
local found = {}
for i = 1, #KEYS do found[i] = redis.call('HGETALL', KEYS[i]) end
return found`);

/**
 * One ComponentCommit, whole or not at all: nothing is written before everything is compared, and Redis refuses a script
 * for lack of memory only before its first write.
 * KEYS: target, issued, outbox, then expected components, absent pointers, absorbed components, pointers to set.
 * ARGV: how many of expected, absent, absorbed, pointers, fields to set, fields to unset, issued, messages; target id; its
 * new version; then the expected versions, names to unset, names and values to set, profile ids and anchors, messages.
 * Lists go to Redis in slices: Lua's stack takes about 8,000 arguments. Slices are even, pairs stay together.
 */
export const COMMIT = script(`
local SLICE = 4000
local function feed(command, key, list, from, to)
  for i = from, to, SLICE do
    redis.call(command, key, unpack(list, i, math.min(i + SLICE - 1, to)))
  end
end
local n = {}
for i = 1, 8 do n[i] = tonumber(ARGV[i]) end
local target, k, a = KEYS[1], 3, 10
for i = 1, n[1] do
  if (redis.call('HGET', KEYS[k + i], '') or '0') ~= ARGV[a + i] then return 0 end
end
k, a = k + n[1], a + n[1]
for i = 1, n[2] do
  if redis.call('EXISTS', KEYS[k + i]) == 1 then return 0 end
end
k = k + n[2]
for i = 1, n[3] do
  local source = KEYS[k + i]
  local fields = redis.call('HGETALL', source)
  feed('HSET', target, fields, 1, #fields)
  redis.call('UNLINK', source)
end
k = k + n[3]
feed('HDEL', target, ARGV, a + 1, a + n[6])
a = a + n[6]
feed('HSET', target, ARGV, a + 1, a + 2 * n[5])
a = a + 2 * n[5]
redis.call('HSET', target, '', ARGV[10])
for i = 1, n[4] do redis.call('SET', KEYS[k + i], ARGV[9]) end
for i = 1, n[7] do redis.call('HSETNX', KEYS[2], ARGV[a + 2 * i - 1], ARGV[a + 2 * i]) end
a = a + 2 * n[7]
feed('RPUSH', KEYS[3], ARGV, a + 1, a + n[8])
return 1`);

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

export const SCRIPTS: readonly Script[] = [LOAD, COMMIT, ADVANCE, RELAY_BEGIN, RELAY_RENEW, RELAY_END];
