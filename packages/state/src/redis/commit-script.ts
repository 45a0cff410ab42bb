import { DIRECTIVES_PARTITION } from '@kenal/contracts';
import { MARK } from '../parked.ts';
import { MOVES } from './keys.ts';
import { script } from './script.ts';

/**
 * ComponentCommits one after the other, each whole or not at all: nothing of one is written before all that it relies on is
 * compared, and Redis refuses a script for lack of memory only before its first write. Answer: 1 or 0 for each.
 * `commit.ts` puts keys and arguments in order.
 * KEYS: issued, outbox, processed; then of each commit target, expected components, absent pointers, absorbed components,
 * pointers to set.
 * ARGV: fence or nothing; how many commits; where the messages begin. Then of each commit how many keys and arguments it
 * has; how many of expected, absent, absorbed, pointers, fields to set, fields to unset, issued, messages; target id; its
 * new version; then the expected versions, names to unset, names and values to set, the version among them (its name is
 * empty), profile ids and anchors. Messages of all commits stand behind them.
 * Most commits end here. Others go on with what is rare.
 * KEYS: relied-on components, shelves; new pieces; for each its pointers; pointers to park; shelves to
 * change; for each identifier to forget its pointer and its shelf.
 * ARGV: how many relied-on fields, shelves, pieces, pointers to park, shelves to change, identifiers to
 * forget, profile ids to recall; field and text (after `=`, nothing for none) of those relied on, sizes of shelves;
 * id, number of fields, of pointers of each piece; the fields of each; pointers to park; for each shelf
 * numbers of entries and of leaves to take off, then the entries (rank, leaf) and those leaves; profile ids to recall.
 * Lists go to Redis in slices: Lua's stack takes about 8,000 arguments. Slices are even, pairs stay together.
 */
export const COMMIT = script(`
local SLICE = 4000
local function feed(command, key, list, from, to)
  for i = from, to, SLICE do
    redis.call(command, key, unpack(list, i, math.min(i + SLICE - 1, to)))
  end
end
local function commit(k, a, last, messages)
  local n = {}
  for i = 1, 8 do n[i] = tonumber(ARGV[a + 2 + i]) end
  local target, id = KEYS[k + 1], ARGV[a + 11]
  k, a = k + 1, a + 12
  for i = 1, n[1] do
    if (redis.call('HGET', KEYS[k + i], '') or '0') ~= ARGV[a + i] then return 0 end
  end
  k, a = k + n[1], a + n[1]
  for i = 1, n[2] do
    if redis.call('EXISTS', KEYS[k + i]) == 1 then return 0 end
  end
  k = k + n[2]
  local rk, ra = k + n[3] + n[4], a + n[6] + 2 * n[5] + 2 + 2 * n[7]
  local m
  if last > ra then
    m = {}
    for i = 1, 7 do m[i] = tonumber(ARGV[ra + i]) end
    ra = ra + 7
    for i = 1, m[1] do
      local text = redis.call('HGET', KEYS[rk + i], ARGV[ra + 2 * i - 1])
      if (text and '=' .. text or '') ~= ARGV[ra + 2 * i] then return 0 end
    end
    rk, ra = rk + m[1], ra + 2 * m[1]
    for i = 1, m[2] do
      if redis.call('ZCARD', KEYS[rk + i]) ~= tonumber(ARGV[ra + i]) then return 0 end
    end
    rk, ra = rk + m[2], ra + m[2]
    for i = 1, m[3] do
      if redis.call('EXISTS', KEYS[rk + i]) == 1 then return 0 end
    end
  end
  for i = 1, n[3] do
    local source = KEYS[k + i]
    local fields = redis.call('HGETALL', source)
    feed('HSET', target, fields, 1, #fields)
    redis.call('UNLINK', source)
  end
  k = k + n[3]
  feed('HDEL', target, ARGV, a + 1, a + n[6])
  a = a + n[6]
  feed('HSET', target, ARGV, a + 1, a + 2 * n[5] + 2)
  a = a + 2 * n[5] + 2
  local moves = 0
  for i = 1, n[4] do
    local before = redis.call('SET', KEYS[k + i], id, 'GET')
    if before and string.byte(before) == ${MARK.charCodeAt(0)} then moves = moves + 1 end
  end
  if m then
    local function detach(from, piece, list, first, last)
      for i = first, last, SLICE / 2 do
        local upto = math.min(i + SLICE / 2 - 1, last)
        local texts, moved = redis.call('HMGET', from, unpack(list, i, upto)), {}
        for j = i, upto do
          local text = texts[j - i + 1]
          if text then
            moved[#moved + 1] = list[j]
            moved[#moved + 1] = text
          end
        end
        feed('HSET', piece, moved, 1, #moved)
        feed('HDEL', from, list, i, upto)
      end
      if redis.call('EXISTS', piece) == 1 then redis.call('HSET', piece, '', '1') end
    end
    local pieces, ids = rk, ra
    rk, ra = rk + m[3], ra + 3 * m[3]
    for i = 1, m[3] do
      local id, fields, pointers = ARGV[ids + 3 * i - 2], tonumber(ARGV[ids + 3 * i - 1]), tonumber(ARGV[ids + 3 * i])
      detach(target, KEYS[pieces + i], ARGV, ra + 1, ra + fields)
      for j = 1, pointers do redis.call('SET', KEYS[rk + j], id) end
      moves = moves + pointers
      rk, ra = rk + pointers, ra + fields
    end
    for i = 1, m[4] do
      if redis.call('SET', KEYS[rk + i], ARGV[ra + i], 'GET') then moves = moves + 1 end
    end
    rk, ra = rk + m[4], ra + m[4]
    for i = 1, m[5] do
      local added, taken = tonumber(ARGV[ra + 1]), tonumber(ARGV[ra + 2])
      feed('ZADD', KEYS[rk + i], ARGV, ra + 3, ra + 2 + 2 * added)
      ra = ra + 2 + 2 * added
      feed('ZREM', KEYS[rk + i], ARGV, ra + 1, ra + taken)
      ra = ra + taken
    end
    rk = rk + m[5]
    for i = 1, 2 * m[6] do moves = moves + redis.call('UNLINK', KEYS[rk + i]) end
  end
  if moves > 0 then redis.call('HINCRBY', KEYS[3], '${MOVES}', moves) end
  -- What sets a field and detaches nothing leaves the target with one
  if (n[5] == 0 or m and m[3] > 0) and redis.call('HLEN', target) == 1 then redis.call('DEL', target) end
  for i = 1, n[7] do redis.call('HSETNX', KEYS[1], ARGV[a + 2 * i - 1], ARGV[a + 2 * i]) end
  if m then feed('HDEL', KEYS[1], ARGV, ra + 1, ra + m[7]) end
  feed('RPUSH', KEYS[2], ARGV, messages + 1, messages + n[8])
  return 1
end
local applied, k, a, messages = {}, 3, 3, tonumber(ARGV[3])
local fence = ARGV[1] ~= '' and tonumber(redis.call('HGET', KEYS[3], '${DIRECTIVES_PARTITION}') or '-1') > tonumber(ARGV[1])
for i = 1, tonumber(ARGV[2]) do
  local keys, args = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  applied[i] = fence and 0 or commit(k, a, a + args, messages)
  k, a, messages = k + keys, a + args, messages + tonumber(ARGV[a + 10])
end
return applied`);
