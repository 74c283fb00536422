-- needs: endings trying
-- Takes jobs away from workers that did not renew their lease in time; notes that the calling worker is alive.
-- KEYS[1] {Q}
-- ARGV    worker, ms to keep records that end here, Redis' time when the worker asked for this, its lease in ms
-- Answer  {how many were taken away, ms until the next lease ends: 0 if some are over already, -1 if no job runs}
-- After   Nothing, if it was asked more than a third of a lease ago: Redis stood still, and nobody could renew.
--         At most 50 of them are back at the head of their lines, no attempt used; cancelled where somebody asked for
--         it; failed where three workers in a row lost the job without getting further than before. One that cannot be
--         moved (a key of another type) is tried again in ten seconds.
--         No lease ends later than its length from now: Redis' clock may have gone back since it was written.
--         {Q}:workers knows when each worker was last here; who was not for a minute is forgotten.

local worker, keep, asked_at, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local running, workers = Q .. ':running', Q .. ':workers'
local lost_in_a_row = 3

local function poison(job, most)
  return 'lost by ' .. lost_in_a_row .. ' workers in a row, the last one ' .. (job.worker or '?') ..
    ', none of which got further than ' .. most .. ' resources: it may be what kills them. ' ..
    'See their logs, then retry the job'
end

local function take_away(id)
  local job = read_job(id, 'attempt', 'cancelRequested', 'worker', 'resourcesUpdated', 'mostUpdated', 'leasesLost')
  if not job.state then return forget_without_record(id) end
  if job.cancelRequested then return end_job(job, 'cancelled', keep) end
  local updated, most = tonumber(job.resourcesUpdated) or 0, tonumber(job.mostUpdated) or 0
  local lost = updated > most and 0 or (tonumber(job.leasesLost) or 0) + 1
  most = math.max(updated, most)
  if lost >= lost_in_a_row then return end_job(job, 'failed', keep, 'error', poison(job, most)) end
  give_back(job, 'leasesLost', lost, 'mostUpdated', most)
end

-- Looks at those that end later than a lease of the caller's: another worker's may be longer, its record says so.
local function shorten_leases()
  local late = redis.call('ZREVRANGEBYSCORE', running, '+inf', '(' .. now + lease, 'WITHSCORES', 'LIMIT', 0, 50)
  for i = 1, #late, 2 do
    local its_lease = tonumber(redis.pcall('HGET', job_key(late[i]), 'lease') or nil) or lease
    if tonumber(late[i + 1]) > now + its_lease then redis.call('ZADD', running, now + its_lease, late[i]) end
  end
end

local function until_next_end()
  local next_end = redis.call('ZRANGE', running, 0, 0, 'WITHSCORES')[2]
  return next_end and math.max(0, tonumber(next_end) - now) or -1
end

if now - asked_at > lease / 3 then return { 0, until_next_end() } end
redis.call('ZADD', workers, now, worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - 60000)
local expired = redis.call('ZRANGEBYSCORE', running, '-inf', now, 'LIMIT', 0, 50)
try_each(expired, 'running', take_away)
shorten_leases()
return leave({ #expired, until_next_end() })
