-- Takes jobs away from workers that did not renew their lease in time; notes that the calling worker is alive.
-- KEYS[1] {Q}
-- ARGV    worker, ms to keep records that end here, Redis' time when the worker asked for this, ms that this may be ago
-- Answer  how many were taken away
-- After   Nothing, if it was asked too long ago: Redis stood still, and nobody could renew.
--         At most 50 of them are back at the head of their lines, no attempt used; cancelled where somebody asked for
--         it; failed where three workers in a row lost the job without getting further than before.
--         {Q}:workers knows when each worker was last here; who was not for a minute is forgotten.

local worker, keep, asked_at, patience = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local workers = Q .. ':workers'
local lost_in_a_row = 3

local function poison(record, most)
  return 'lost by ' .. lost_in_a_row .. ' workers in a row, the last one ' .. (record[3] or '?') ..
    ', none of which got further than ' .. most .. ' resources: it may be what kills them. ' ..
    'See their logs, then retry the job'
end

local function take_away(id)
  local key = job_key(id)
  local record = redis.call('HMGET', key, 'target', 'cancelRequested', 'worker', 'resourcesUpdated', 'mostUpdated',
    'leasesLost')
  local target = record[1]
  if not target then return forget_without_record(id) end
  if record[2] then return end_job(id, target, 'cancelled', keep) end
  local updated, most = tonumber(record[4] or nil) or 0, tonumber(record[5] or nil) or 0
  local lost = updated > most and 0 or (tonumber(record[6] or nil) or 0) + 1
  redis.call('HSET', key, 'leasesLost', lost, 'mostUpdated', math.max(updated, most))
  if lost >= lost_in_a_row then return end_job(id, target, 'failed', keep, poison(record, math.max(updated, most))) end
  give_back(id, target)
end

if now - asked_at > patience then return 0 end
redis.call('ZADD', workers, now, worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - 60000)
local expired = redis.call('ZRANGEBYSCORE', Q .. ':running', '-inf', now, 'LIMIT', 0, 50)
for _, id in ipairs(expired) do take_away(id) end
return leave(#expired)
