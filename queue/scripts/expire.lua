-- Forgets finished jobs whose record has expired.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  how many were forgotten
-- After   Of the 200 that finished first, those without a record are gone from {Q}:finished. (Records, failure lists
--         and batches expire by themselves.)

local oldest = redis.call('ZRANGE', Q .. ':finished', 0, 199)
local forgotten = 0
for _, id in ipairs(oldest) do
  if redis.call('EXISTS', job_key(id)) == 0 then forgotten = forgotten + redis.call('ZREM', Q .. ':finished', id) end
end
return forgotten
