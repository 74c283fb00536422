-- needs: endings
-- The commands that come through the inbox. Each is a function of the command's value and of ms to keep a record that
-- ends by it.

local commands = {}

-- Takes a waiting job out; the holder of a running one hears of it when it renews.
function commands.cancel(id, keep)
  local job = read_job(id)
  if job.state == 'running' then
    redis.call('HSET', job.key, 'cancelRequested', '1')
  elseif job.state and not finished(job.state) then
    end_job(job, 'cancelled', keep)
  end
end

local function refuse_retry(job, why)
  redis.call('HSET', job.key, 'error', 'retry refused: ' .. why, 'updatedAt', now)
end

-- The job begins anew at the end of its line, its claims still numbered on. Of failed and cancelled jobs only, and not
-- of an entry that never was a job: it has no order.
function commands.retry(id)
  local job = read_job(id, 'order')
  if job.state ~= 'failed' and job.state ~= 'cancelled' then return end
  local order = tonumber(job.order)
  if not order then return refuse_retry(job, 'it never was a valid job') end
  local completed = tonumber(redis.call('GET', completed_key(job.target)) or nil)
  if completed and completed > order then
    return refuse_retry(job, 'a later job for ' .. job.target ..
      ' has completed since, and this one would bring back what it replaced')
  end
  if in_batch(job) then sum_in_batch(job, -1) end
  redis.call('DEL', failures_key(id))
  redis.call('HDEL', job.key, 'attempt', 'error', 'removals', 'startedAt', 'finishedAt', 'worker', unpack(counts))
  redis.call('PERSIST', job.key)
  remember_target(job)
  change_state(job, 'queued', tonumber(job.enqueuedAt) or now)
  join_line(job)
  announce(job)
end

-- Nothing is claimed while {Q}:paused is there; running jobs are not touched.
function commands.pause(paused)
  if paused == 'true' then
    redis.call('SET', Q .. ':paused', '1')
  else
    redis.call('DEL', Q .. ':paused')
    line_became_ready = true
  end
end
