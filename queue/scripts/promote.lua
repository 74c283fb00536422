-- Makes jobs ready whose time has come.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  {ms until the next one is due: 0 if some are due already, -1 if none is scheduled; Redis' time}
-- After   At most 100 jobs more are queued: delayed ones at the end of their lines, those that waited to retry still
--         at the head.

local function promote(id)
  local key = job_key(id)
  local record = redis.call('HMGET', key, 'target', 'enqueuedAt')
  if not record[1] then return forget_without_record(id) end
  redis.call('HDEL', key, 'runAt')
  redis.call('HSET', key, 'updatedAt', now)
  change_state(id, 'queued', record[2])
  if redis.call('SREM', Q .. ':retrying', id) == 1 then refresh_line(record[1]) else join_line(id, record[1]) end
  announce(id)
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', Q .. ':scheduled', '-inf', now, 'LIMIT', 0, 100)) do promote(id) end
local next_due = redis.call('ZRANGE', Q .. ':scheduled', 0, 0, 'WITHSCORES')[2]
return leave({ next_due and math.max(0, tonumber(next_due) - now) or -1, now })
