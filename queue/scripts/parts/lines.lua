-- needs: states events
-- {Q}:line:<target>: the target's jobs in order, the head may run. {Q}:ready: the lines whose head is queued.

-- In which line a live job stands, and its batch, if it has one: also when its record is gone.
local function remember_target(job)
  redis.call('HSET', targets, job.id, in_batch(job) and job.target .. ' ' .. job.batch or job.target)
end

-- A job whose record somebody deleted, or Redis evicted, would block its line for ever: forgets it. Its target.
local function forget(id)
  local target, batch = string.match(redis.call('HGET', targets, id) or '', '^(%S+) ?(.*)$')
  if target then
    redis.call('LREM', line_key(target), 1, id)
    redis.call('ZREM', priorities_key(target), id)
  end
  redis.call('SREM', Q .. ':retrying', id)
  redis.call('HDEL', targets, id)
  leave_state(id, batch ~= '' and batch or nil)
  return target
end

-- The first job of the line that has a record and is not over; nil if there is none. Whether one may follow that was
-- not looked at.
local function head_of(target)
  for _ = 1, 100 do
    local id = redis.call('LINDEX', line_key(target), 0)
    if not id then return nil, false end
    local head = read_job(id, 'claim', 'attempt')
    if head.state and not finished(head.state) then return head, false end
    if not head.state then forget(id) end
    redis.call('LREM', line_key(target), 1, id)
  end
  return nil, true
end

-- Only priorities other than 0 are kept; where a job has none, 0 competes too.
local function highest_priority(target)
  local top = redis.call('ZREVRANGE', priorities_key(target), 0, 0, 'WITHSCORES')
  if #top == 0 then return 0 end
  local priority = tonumber(top[2])
  if priority < 0 and redis.call('ZCARD', priorities_key(target)) < redis.call('LLEN', line_key(target)) then
    return 0
  end
  return priority
end

-- A line is in {Q}:ready while its head is queued: highest priority waiting in it first, then the head's age. After a
-- hundred heads without a record there may be a living one: the line stays ready, and whoever claims goes on looking.
-- 2000 * 2^42 + a time in ms stays below 2^53, so a score is exact.
local function refresh_line(target)
  local head, more = head_of(target)
  if (not head and not more) or (head and head.state ~= 'queued') then
    redis.call('ZREM', Q .. ':ready', target)
  else
    local age = head and tonumber(head.enqueuedAt) or now
    local score = (1000 - highest_priority(target)) * 4398046511104 + age
    local added = redis.call('ZADD', Q .. ':ready', string.format('%.0f', score), target)
    if added == 1 or more then line_became_ready = true end
  end
end

-- Of a job whose record is gone only {Q}:targets still tells in which line it stands.
local function forget_without_record(id)
  local target = forget(id)
  if target then refresh_line(target) end
end

-- Puts a job at the end of its target's line. `order` tells which of two jobs for a target joined its line later.
local function join_line(job)
  redis.call('HSET', job.key, 'order', redis.call('INCR', Q .. ':order'))
  redis.call('RPUSH', line_key(job.target), job.id)
  local priority = tonumber(job.priority) or 0
  if priority ~= 0 then redis.call('ZADD', priorities_key(job.target), priority, job.id) end
  refresh_line(job.target)
end

local function leave_line(job)
  redis.call('LREM', line_key(job.target), 1, job.id)
  if job.priority then redis.call('ZREM', priorities_key(job.target), job.id) end
  refresh_line(job.target)
end
