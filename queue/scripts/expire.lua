-- Forgets finished jobs whose record has expired.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  how many were looked at: 200 if there may be more
-- After   Of the 200 whose record was to expire first, and is, those without one are gone from {Q}:finished and
--         {Q}:jobs; those that somebody gave more time are looked at again when that is over. (Records, failure lists
--         and batches expire by themselves.)

local due = redis.call('ZRANGEBYSCORE', Q .. ':finished', '-inf', now, 'LIMIT', 0, 200)
local gone, a_day = {}, 24 * 3600 * 1000
local kept = {}
for _, id in ipairs(due) do
  local left = redis.call('PTTL', job_key(id))
  if left == -2 then gone[#gone + 1] = id else kept[id] = now + (left >= 0 and left or a_day) end
end
if #gone > 0 then
  redis.call('ZREM', Q .. ':finished', unpack(gone))
  redis.call('ZREM', Q .. ':jobs', unpack(gone))
end
for id, at in pairs(kept) do redis.call('ZADD', Q .. ':finished', at, id) end
return #due
