/**
 * What decides, in Redis, which job of a group or under a limit may run: each script is one atomic step. Keys lie beside
 * the queue's own, `base` is what they begin with:
 * `gate:group:<group>` ids in their order, the first may run · `gate:groups` groups that have jobs · `gate:of` id → group ·
 * `gate:at` id → when it may run, where that is not at once · `gate:limit` id → key, `gate:parallel` key → parallel, of jobs of
 * a group · `gate:slots:<key>` id → until when its place under the
 * limit is its own · `gate:parked:<key>` ids that wait for a place · `gate:parked` id → key · `gate:limits` key → parallel ·
 * `gate:living:<key>` ids that wait or run, where the limit has a `most`.
 */
const COMMON = `
local base = KEYS[1]
local function key(name, of) return base .. 'gate:' .. name .. (of and ':' .. of or '') end

-- Behind the one that may run now: who was in the group before comes before those that came later
local function join(id, group)
  if redis.call('HSETNX', key('of'), id, group) == 0 then return end
  local first = redis.call('LINDEX', key('group', group), 0)
  if first then redis.call('LINSERT', key('group', group), 'AFTER', first, id)
  else redis.call('RPUSH', key('group', group), id) end
  redis.call('SADD', key('groups'), group)
end

local function add(list, id)
  list[#list + 1] = id
  list[#list + 1] = redis.call('HGET', key('at'), id) or '0'
end

local function park(id, limit, parallel)
  redis.call('HSET', key('parked'), id, limit)
  redis.call('HSET', key('limits'), limit, parallel)
  redis.call('ZADD', key('parked', limit), redis.call('INCR', key('turn')), id)
end

-- The first of a group: to the list of those that may run, or to those that wait for a place, so that no worker takes it in vain
local function admit(id, now, till, list)
  local limit = redis.call('HGET', key('limit'), id)
  if limit and redis.call('HEXISTS', key('at'), id) == 0 then
    local parallel = tonumber(redis.call('HGET', key('parallel'), limit))
    redis.call('ZREMRANGEBYSCORE', key('slots', limit), '-inf', now)
    if redis.call('ZCARD', key('slots', limit)) >= parallel then return park(id, limit, parallel) end
    redis.call('ZADD', key('slots', limit), till, id)
  end
  add(list, id)
end

-- Take the first from its group; the next one may run
local function advance(id, group, now, till, list)
  redis.call('LPOP', key('group', group))
  for _, name in ipairs({ 'of', 'at', 'limit' }) do redis.call('HDEL', key(name), id) end
  local first = redis.call('LINDEX', key('group', group), 0)
  if first then admit(first, now, till, list) else redis.call('SREM', key('groups'), group) end
end

-- Give free places to those that were parked first; they keep them until then, whether they come or not
local function release(limit, parallel, now, till, list)
  redis.call('ZREMRANGEBYSCORE', key('slots', limit), '-inf', now)
  local free = parallel - redis.call('ZCARD', key('slots', limit))
  while free > 0 do
    local id = redis.call('ZPOPMIN', key('parked', limit))[1]
    if not id then redis.call('HDEL', key('limits'), limit) return end
    redis.call('HDEL', key('parked'), id)
    redis.call('ZADD', key('slots', limit), till, id)
    add(list, id)
    free = free - 1
  end
end

local function isHeld(id, far)
  local score = redis.call('ZSCORE', base .. 'delayed', id)
  return score and tonumber(score) >= tonumber(far) and redis.call('HEXISTS', key('parked'), id) == 0
end
`;

/**
 * ARGV far, now, till, then id, group, when it may run (0: at once), limit or '', parallel of held jobs in their order.
 * @returns id, when: may run
 */
const LINE_UP = `
local found = {}
for n = 4, #ARGV, 5 do
  local id, group, at, limit = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3]
  if isHeld(id, ARGV[1]) then
    if redis.call('HSETNX', key('of'), id, group) == 1 then
      redis.call('RPUSH', key('group', group), id)
      redis.call('SADD', key('groups'), group)
      if at ~= '0' then redis.call('HSET', key('at'), id, at) end
      if limit ~= '' then
        redis.call('HSET', key('limit'), id, limit)
        redis.call('HSET', key('parallel'), limit, ARGV[n + 4])
      end
    end
    if redis.call('LINDEX', key('group', group), 0) == id then admit(id, ARGV[2], ARGV[3], found) end
  end
end
return found`;

/** ARGV id, group: a dead job that is to live again. */
const JOIN = 'join(ARGV[1], ARGV[2])';

/** ARGV id, group or '', limit or '', parallel, now, till. @returns what a job that a worker took has to do */
const ENTER = `
local id, group, limit, parallel = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
-- This start is none: attempts are those in which the handler ran
local function back(why) redis.call('HINCRBY', base .. id, 'ats', -1) return why end
if group ~= '' then
  join(id, group)
  if redis.call('LINDEX', key('group', group), 0) ~= id then return back('behind') end
end
if limit == '' then return 'run' end
local slots = key('slots', limit)
redis.call('ZREMRANGEBYSCORE', slots, '-inf', ARGV[5])
if not redis.call('ZSCORE', slots, id) and redis.call('ZCARD', slots) >= parallel then return back('full') end
redis.call('ZADD', slots, ARGV[6], id)
return 'run'`;

/** ARGV id, limit, parallel, now, till: a held job waits for a place. @returns id, when: may run */
const PARK = `
local found = {}
park(ARGV[1], ARGV[2], ARGV[3])
release(ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], found)
return found`;

/** ARGV id, group or '', limit or '', parallel, now, till, 1 where it is over. @returns id, when: may run */
const LEAVE = `
local found = {}
local id, group, limit = ARGV[1], ARGV[2], ARGV[3]
if limit ~= '' then
  redis.call('ZREM', key('slots', limit), id)
  release(limit, tonumber(ARGV[4]), ARGV[5], ARGV[6], found)
end
if group ~= '' and ARGV[7] == '1' and redis.call('LINDEX', key('group', group), 0) == id then
  advance(id, group, ARGV[5], ARGV[6], found)
end
return found`;

/** ARGV far, now, till, then groups. @returns id, when: may run and would not, because a process died between two steps */
const MEND_GROUPS = `
local found = {}
for n = 4, #ARGV do
  local group = ARGV[n]
  local id = redis.call('LINDEX', key('group', group), 0)
  if not id then redis.call('SREM', key('groups'), group)
  elseif redis.call('EXISTS', base .. id) == 0 or redis.call('HEXISTS', base .. id, 'finishedOn') == 1 then
    advance(id, group, ARGV[2], ARGV[3], found)
  elseif isHeld(id, ARGV[1]) then admit(id, ARGV[2], ARGV[3], found) end
end
return found`;

/** ARGV now, till. @returns id, when: may run, because whoever had a place is gone */
const MEND_LIMITS = `
local found = {}
local limits = redis.call('HGETALL', key('limits'))
for n = 1, #limits, 2 do release(limits[n], tonumber(limits[n + 1]), ARGV[1], ARGV[2], found) end
return found`;

/** ARGV a set of jobs that live: who is over, or is not there, is taken out. */
const MEND_LIVING = `
for _, id in ipairs(redis.call('SMEMBERS', ARGV[1])) do
  if redis.call('EXISTS', base .. id) == 0 or redis.call('HEXISTS', base .. id, 'finishedOn') == 1 then
    redis.call('SREM', ARGV[1], id)
  end
end`;

/** ARGV far, offset, count. @returns how many were looked at, then ids that are held and that nobody would let go */
const FIND_LOST = `
local ids = redis.call('ZRANGEBYSCORE', base .. 'delayed', ARGV[1], '+inf', 'LIMIT', ARGV[2], ARGV[3])
local found = { tostring(#ids) }
for _, id in ipairs(ids) do
  if redis.call('HEXISTS', key('of'), id) == 0 and redis.call('HEXISTS', key('parked'), id) == 0 then
    found[#found + 1] = id
  end
end
return found`;

export const SCRIPTS = { LINE_UP, JOIN, ENTER, PARK, LEAVE, MEND_GROUPS, MEND_LIMITS, MEND_LIVING, FIND_LOST };
export type ScriptName = keyof typeof SCRIPTS;

export function textOf(name: ScriptName): string {
  return COMMON + SCRIPTS[name];
}
