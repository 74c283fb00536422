-- needs: lines trying
-- Makes jobs ready whose time has come.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  {ms until the next one is due: 0 if some are due already, -1 if none is scheduled; Redis' time}
-- After   At most 100 jobs more are queued: delayed ones at the end of their lines, those that waited to retry still
--         at the head. One that cannot be moved (a key of another type) is tried again in ten seconds.
--         It is Redis' clock that counts: set back, it lets all of them wait as much longer.

local function promote(id)
  local job = read_job(id)
  if not job.state then return forget_without_record(id) end
  redis.call('HDEL', job.key, 'runAt')
  change_state(job, 'queued', tonumber(job.enqueuedAt) or now)
  if redis.call('SREM', Q .. ':retrying', id) == 1 then refresh_line(job.target) else join_line(job) end
  announce(job)
end

local due = redis.call('ZRANGEBYSCORE', Q .. ':scheduled', '-inf', now, 'LIMIT', 0, 100)
try_each(due, 'scheduled', promote)
local next_due = redis.call('ZRANGE', Q .. ':scheduled', 0, 0, 'WITHSCORES')[2]
return leave({ next_due and math.max(0, tonumber(next_due) - now) or -1, now })
