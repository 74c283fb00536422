-- Ends an attempt; another one follows after a while, if attempts are left.
-- KEYS[1] {Q}
-- ARGV    job id, claim, ms to wait, ms to keep the record if it ends here, error, then the progress (record_progress)
-- Answer  the job's state (scheduled, failed, cancelled), the same when called twice; 'lost' to a former holder
-- After   Scheduled: the job keeps the head of its line, which is not ready until it is promoted.

local id, claim, delay, keep, why = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local key = job_key(id)

if not holds(id, claim) then return settled_before(id, claim) or 'lost' end

local record = redis.call('HMGET', key, 'target', 'attempt', 'maxAttempts', 'cancelRequested')
local target, attempt, max_attempts, cancelled = record[1], tonumber(record[2]), tonumber(record[3]), record[4]

local function wait_for_retry()
  redis.call('HSET', key, 'runAt', now + delay, 'error', why, 'updatedAt', now)
  redis.call('HDEL', key, 'leasesLost')
  redis.call('SADD', Q .. ':retrying', id)
  change_state(id, 'scheduled', now + delay)
  announce(id)
end

record_progress(id, 6)
if cancelled then
  end_job(id, target, 'cancelled', keep, why)
elseif attempt >= max_attempts then
  end_job(id, target, 'failed', keep, why)
else
  wait_for_retry()
end
remember_settling(id, claim)
return leave(redis.call('HGET', key, 'state'))
