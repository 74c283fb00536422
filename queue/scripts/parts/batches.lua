-- {Q}:batch:<name>: one count a state, the sums of what finished jobs did. It lives as long as one of its jobs does.

local function in_batch(job) return job.batch and job.batch ~= '' end

-- A job of the batch is in state `to` now; `from` is nil for one that is new.
local function count_in_batch(batch, from, to)
  local key = batch_key(batch)
  redis.call('HINCRBY', key, to, 1)
  if from then redis.call('HINCRBY', key, from, -1) else redis.call('HINCRBY', key, 'jobs', 1) end
  redis.call('HSETNX', key, 'firstAt', now)
  redis.call('HSET', key, 'lastAt', now)
  if not finished(to) then redis.call('PERSIST', key) end
end

-- Adds a finished job's counts to its batch, or takes them out again (sign -1).
local function sum_in_batch(job, sign)
  local record = redis.call('HMGET', job.key, unpack(counts))
  for i, name in ipairs(counts) do
    local number = tonumber(record[i] or nil)
    if number and number ~= 0 then redis.call('HINCRBY', batch_key(job.batch), name, sign * number) end
  end
end

-- Jobs may be kept for different times: the batch outlives the last record.
local function expire_batch(batch, keep)
  local key, live = batch_key(batch), 0
  local record = redis.call('HMGET', key, 'keptUntil', 'queued', 'scheduled', 'running')
  local kept_until = math.max(tonumber(record[1] or nil) or 0, now + keep)
  redis.call('HSET', key, 'keptUntil', kept_until)
  for i = 2, 4 do live = live + (tonumber(record[i] or nil) or 0) end
  if live == 0 then redis.call('PEXPIREAT', key, kept_until) end
end
