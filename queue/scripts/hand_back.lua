-- Gives a job back that its worker cannot go on with, through no fault of the job.
-- KEYS[1] {Q}
-- ARGV    job id, claim, ms to keep the record if it ends here, error (may be empty), then the progress
--         (record_progress)
-- Answer  the job's state (queued, or cancelled if somebody asked for it), the same when called twice; 'lost' to a
--         former holder
-- After   Queued: the job is at the head of its line, ready at once, no attempt used.

local id, claim, keep, why = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local key = job_key(id)

if not holds(id, claim) then return settled_before(id, claim) or 'lost' end

local record = redis.call('HMGET', key, 'target', 'cancelRequested')
record_progress(id, 5)
if record[2] then
  end_job(id, record[1], 'cancelled', keep)
else
  if why ~= '' then redis.call('HSET', key, 'error', why) end
  redis.call('HDEL', key, 'leasesLost')
  give_back(id, record[1])
end
remember_settling(id, claim)
return leave(redis.call('HGET', key, 'state'))
