-- needs: batches
-- Where a job is: its record's `state`, the zset of that state, the counts of it in {Q}:stats and in its batch.

-- Moves a job to the zset of `state`, with `score` there. More fields and values of its record change with it.
local function change_state(job, state, score, ...)
  local from = job.state
  redis.call('HSET', job.key, 'state', state, 'updatedAt', now, ...)
  if from and zset_of[from] ~= zset_of[state] then redis.call('ZREM', Q .. ':' .. zset_of[from], job.id) end
  redis.call('ZADD', Q .. ':' .. zset_of[state], score, job.id)
  if from and not finished(from) then redis.call('HINCRBY', Q .. ':stats', from, -1) end
  redis.call('HINCRBY', Q .. ':stats', state, 1)
  job.state = state
  if in_batch(job) then count_in_batch(job.batch, from, state) end
end

-- A batch may never see another of its jobs end: it is kept a week, or longer if it was to be.
local a_week = 7 * 24 * 3600 * 1000

-- The job is in no state any more: its record is gone. `batch` as far as it is known.
local function leave_state(id, batch)
  redis.call('ZREM', Q .. ':jobs', id)
  redis.call('ZREM', Q .. ':finished', id)
  for _, state in ipairs({ 'queued', 'scheduled', 'running' }) do
    if redis.call('ZREM', Q .. ':' .. zset_of[state], id) == 1 then
      redis.call('HINCRBY', Q .. ':stats', state, -1)
      if batch and redis.call('EXISTS', batch_key(batch)) == 1 then
        redis.call('HINCRBY', batch_key(batch), state, -1)
        redis.call('HINCRBY', batch_key(batch), 'jobs', -1)
        expire_batch(batch, a_week)
      end
    end
  end
end
