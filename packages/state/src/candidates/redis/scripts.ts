import { script } from '../../redis/script.ts';

/**
 * Keys of blocks are made in the scripts: which blocks a record was in is known only there. All of a workspace lies in one
 * slot, by its hash tag. A key comes as `bucket/key`; a record as its number, its name and its keys: `["user_id:1","crm"]\nd4/0:abcd4 …`.
 */
const BLOCK = `
local prefix = KEYS[1]
local function place(key)
  local slash = string.find(key, '/', 1, true)
  return prefix .. 'b:' .. string.sub(key, 1, slash - 1), string.sub(key, slash + 1)
end`;

/** KEYS: prefix, models. ARGV: model, name, whether late, limit, keys. */
export const PUT = script(`${BLOCK}
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then return 0 end
local limit = tonumber(ARGV[4])
local id = redis.call('HGET', prefix .. 'ids', ARGV[2])
if not id then
  id = tostring(redis.call('INCR', prefix .. 'next'))
  redis.call('HSET', prefix .. 'ids', ARGV[2], id)
end
if ARGV[3] == '1' then redis.call('SADD', prefix .. 'late', id) else redis.call('SREM', prefix .. 'late', id) end
local mark, has, list = ',' .. id .. ',', {}, {}
for i = 5, #ARGV do
  has[ARGV[i]] = true
  list[#list + 1] = ARGV[i]
end
local text = ARGV[2] .. '\\n' .. table.concat(list, ' ')
local before = redis.call('HGET', prefix .. 'records', id)
if before == text then return 1 end
redis.call('HSET', prefix .. 'records', id, text)
if before then
  for key in string.gmatch(string.sub(before, #ARGV[2] + 2), '[^ ]+') do
    if not has[key] then
      local bucket, field = place(key)
      local members = redis.call('HGET', bucket, field)
      local at = members and string.find(members, mark, 1, true)
      if at then
        members = string.sub(members, 1, at) .. string.sub(members, at + #mark)
        if members == ',' then redis.call('HDEL', bucket, field) else redis.call('HSET', bucket, field, members) end
      end
    end
  end
end
for _, key in ipairs(list) do
  local bucket, field = place(key)
  local members = redis.call('HGET', bucket, field) or ','
  if members ~= '*' and not string.find(members, mark, 1, true) then
    local _, commas = string.gsub(members, ',', '')
    redis.call('HSET', bucket, field, commas - 1 >= limit and '*' or members .. id .. ',')
  end
end
return 1`);

/** KEYS: prefix. ARGV: keys. Answer: how many blocks are emptied, then the records. */
export const LOOK = script(`${BLOCK}
local seen, found, emptied = {}, {}, 0
for i = 1, #ARGV do
  local bucket, field = place(ARGV[i])
  local members = redis.call('HGET', bucket, field)
  if members == '*' then emptied = emptied + 1
  elseif members then
    for id in string.gmatch(members, '%d+') do
      if not seen[id] then
        seen[id] = true
        found[#found + 1] = redis.call('HGET', prefix .. 'records', id) or ''
      end
    end
  end
end
return { emptied, found }`);
