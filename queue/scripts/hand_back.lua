-- needs: holding progress endings
-- Gives a job back that its worker cannot go on with, through no fault of the job.
-- KEYS[1] {Q}
-- ARGV    job id, claim, ms to keep the record if it ends here, error (may be empty), then the progress
--         (record_progress)
-- Answer  the job's state (queued, or cancelled if somebody asked for it), the same when called twice; 'lost' to a
--         former holder
-- After   Queued: the job is at the head of its line, ready at once, no attempt used.

local id, claim, keep, why = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local job = held(id, claim)
if not job then return settled_before(id, claim) or 'lost' end

record_progress(job, 5)
if job.cancelRequested then
  end_job(job, 'cancelled', keep, 'settled', claim .. ' cancelled')
else
  if why ~= '' then redis.call('HSET', job.key, 'error', why) end
  redis.call('HDEL', job.key, 'leasesLost')
  give_back(job, 'settled', claim .. ' queued')
end
return leave(job.state)
