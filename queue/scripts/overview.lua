-- How the queue stands, at one moment.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  {{field, value, …} of {Q}:stats, entries in the inbox, workers seen lately, 1 if it is paused else 0, ms that
--         somebody waits by now: -1 if nobody does, endings that no audit line was written of,
--         Redis' time in ms}
-- After   Nothing has changed. Looked at are the inbox' first entry and the 100 jobs first in {Q}:waiting.

local seen_lately = 30000

-- Since when a job is there to be run. Whoever got it and gave it back has not helped it; before a first start it is
-- when it joined its line, its delay over.
local function waits_since(id)
  local record = redis.call('HMGET', job_key(id), 'enqueuedAt', 'delay', 'startedAt', 'updatedAt')
  local joined = tonumber(record[4] or nil) or now
  if not record[3] then return joined end
  return math.min(joined, (tonumber(record[1] or nil) or now) + (tonumber(record[2] or nil) or 0))
end

local since = nil
local entry = redis.call('XRANGE', Q .. ':inbox', '-', '+', 'COUNT', '1')[1]
if entry then since = tonumber(string.match(entry[1], '^%d+')) end
for _, id in ipairs(redis.call('ZRANGE', Q .. ':waiting', 0, 99)) do since = math.min(since or now, waits_since(id)) end

return { redis.call('HGETALL', Q .. ':stats'), redis.call('XLEN', Q .. ':inbox'),
         redis.call('ZCOUNT', Q .. ':workers', now - seen_lately, '+inf'), redis.call('EXISTS', Q .. ':paused'),
         since and math.max(0, now - since) or -1, redis.call('ZCARD', Q .. ':unaudited'), now }
