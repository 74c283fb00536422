-- needs: holding progress endings
-- Ends an attempt; another one follows after a while, if attempts are left.
-- KEYS[1] {Q}
-- ARGV    job id, claim, ms to wait, ms to keep the record if it ends here, error, then the progress (record_progress)
-- Answer  the job's state (scheduled, failed, cancelled), the same when called twice; 'lost' to a former holder
-- After   Scheduled: the job keeps the head of its line, which is not ready until it is promoted.

local id, claim, delay, keep, why = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

local job = held(id, claim, 'maxAttempts')
if not job then return settled_before(id, claim) or 'lost' end

local function wait_for_retry()
  change_state(job, 'scheduled', now + delay, 'runAt', now + delay, 'error', why, 'settled', claim .. ' scheduled')
  redis.call('HDEL', job.key, 'phase', 'pass', 'lease', 'leasesLost')
  redis.call('SADD', Q .. ':retrying', id)
  announce(job)
end

record_progress(job, 6)
if job.cancelRequested then
  end_job(job, 'cancelled', keep, 'error', why, 'settled', claim .. ' cancelled')
elseif tonumber(job.attempt) >= tonumber(job.maxAttempts) then
  end_job(job, 'failed', keep, 'error', why, 'settled', claim .. ' failed')
else
  wait_for_retry()
end
return leave(job.state)
