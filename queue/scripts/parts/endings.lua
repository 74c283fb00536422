-- needs: states lines events grammar
-- How an attempt ends.

-- A later retry of an older job asks for this: it would bring back what a completed one replaced. It is kept as long as
-- any record that might be retried; `order` is 0 where none was completed.
local function remember_completion(target, order, keep)
  local key = completed_key(target)
  local known = tonumber(redis.call('GET', key) or nil) or 0
  local left = redis.call('PTTL', key)
  redis.call('SET', key, string.format('%.0f', math.max(known, order)), 'PX', math.max(keep, left))
end

-- What a record needs no more when its job is over, and when it cannot be retried either.
local of_the_living = { 'phase', 'pass', 'runAt', 'lease', 'cancelRequested', 'leasesLost', 'mostUpdated' }
local of_the_unfinished = { 'error', 'claim', 'order', 'requested', unpack(of_the_living) }

-- An audit line is owed for each ending; who writes it looks the rest up in the record.
local function note_for_audit(job)
  local ending = job.id .. ' ' .. job.state .. ' ' .. now
  if job.target and is_reference(job.target) then ending = ending .. ' ' .. job.target end
  redis.call('ZADD', Q .. ':unaudited', now, ending)
end

-- The job is over: out of its line, counted, its record expiring after `keep` ms. More fields and values change with
-- it.
local function end_job(job, state, keep, ...)
  local was = job.state
  change_state(job, state, now + keep, 'finishedAt', now, ...)
  redis.call('HDEL', job.key, unpack(state == 'completed' and of_the_unfinished or of_the_living))
  redis.call('PEXPIREAT', job.key, now + keep) -- not later than its batch, however long this script takes
  redis.call('PEXPIREAT', failures_key(job.id), now + keep)
  if in_batch(job) then
    sum_in_batch(job, 1)
    expire_batch(job.batch, keep)
  end
  note_for_audit(job)
  announce(job)
  if not was then return end
  redis.call('HDEL', targets, job.id)
  if was == 'scheduled' then redis.call('SREM', Q .. ':retrying', job.id) end
  if state ~= 'completed' then remember_completion(job.target, 0, keep) end
  leave_line(job)
end

-- Back to the head of its line, where it still is, at once; the attempt is not used.
local function give_back(job, ...)
  change_state(job, 'queued', tonumber(job.enqueuedAt) or now, 'attempt', job.attempt - 1, ...)
  redis.call('HDEL', job.key, 'phase', 'pass', 'lease')
  refresh_line(job.target)
  announce(job)
end
