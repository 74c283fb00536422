-- Stands before every move: the local functions they share. A move answers once, at its end, through leave().
--
-- KEYS[1] is the queue's prefix with its hash tag, {Q}; every other key is {Q}:…, so all of them live in one slot.
-- Invariant: every live job is in exactly one of the zsets waiting (-> enqueuedAt), scheduled (-> runAt), running
-- (-> end of the lease) and finished (-> finishedAt), the one that its `state` says, and {Q}:stats counts them.
-- Lua does not roll back, so each move checks first and writes then; PUBLISH comes last and may fail.

local Q = KEYS[1]
local targets = Q .. ':targets'  -- job id -> target of each live job, for when its record is gone
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local zset_of = { queued = 'waiting', scheduled = 'scheduled', running = 'running',
                  completed = 'finished', failed = 'finished', cancelled = 'finished' }
local counts = { 'resourcesUpdated', 'resourcesWritten', 'resourcesToWrite', 'resourcesUnchanged', 'resourcesGone',
                 'resourcesFailed', 'resourcesTotal' }
local most_failures = 1000

local function job_key(id) return Q .. ':job:' .. id end
local function failures_key(id) return Q .. ':job:' .. id .. ':failures' end
local function line_key(target) return Q .. ':line:' .. target end
local function priorities_key(target) return Q .. ':line:' .. target .. ':priorities' end
local function completed_key(target) return Q .. ':completed:' .. target end
local function owed_key(target) return Q .. ':owed:' .. target end
local function batch_key(batch) return Q .. ':batch:' .. batch end

local function finished(state) return zset_of[state] == 'finished' end

-- FHIR R4 datatypes, id: [A-Za-z0-9\-\.]{1,64}; '.' and '..' would leave the path of a URL.
local function is_id(text)
  return #text <= 64 and string.find(text, '^[%w.-]+$') ~= nil and text ~= '.' and text ~= '..'
end

local function is_reference(text)
  local kind, id = string.match(text, '^(%u%a+)/([%w.-]+)$')
  return kind ~= nil and #kind <= 64 and is_id(id)
end

-- What is told when the move is over: a message a change, and whether a line became ready.
local messages, line_became_ready = {}, false

-- Notes the job's present state and counts for {Q}:events.
local function announce(id)
  local record = redis.call('HMGET', job_key(id), 'target', 'state', 'phase', 'pass', unpack(counts))
  local message = { id = id, state = record[2] or nil, phase = record[3] or nil, pass = tonumber(record[4] or nil) }
  if record[1] and is_reference(record[1]) then message.target = record[1] end
  for i, name in ipairs(counts) do message[name] = tonumber(record[4 + i] or nil) end
  messages[#messages + 1] = cjson.encode(message)
end

-- The last thing a move does: wakes those who wait for a job, tells the listeners, answers.
local function leave(answer)
  if line_became_ready then redis.call('XADD', Q .. ':wake', 'MAXLEN', '1', '*', 'ready', '1') end
  for _, message in ipairs(messages) do redis.pcall('PUBLISH', Q .. ':events', message) end
  return answer
end

-- {Q}:batch:<name>: one count a state. It lives as long as one of its jobs does.
local function count_in_batch(batch, from, to, keep)
  local key = batch_key(batch)
  redis.call('HINCRBY', key, to, 1)
  if from then redis.call('HINCRBY', key, from, -1) else redis.call('HINCRBY', key, 'jobs', 1) end
  redis.call('HSETNX', key, 'firstAt', now)
  redis.call('HSET', key, 'lastAt', now)
  local live = 0
  for _, number in ipairs(redis.call('HMGET', key, 'queued', 'scheduled', 'running')) do
    live = live + (tonumber(number or nil) or 0)
  end
  if live > 0 then redis.call('PERSIST', key) elseif keep then redis.call('PEXPIRE', key, keep) end
end

-- Moves a job to the zset of `state`, with `score` there, and counts it. `keep` is needed for finished states only.
local function change_state(id, state, score, keep)
  local key = job_key(id)
  local record = redis.call('HMGET', key, 'state', 'batch')
  local from, batch = record[1], record[2]
  redis.call('HSET', key, 'state', state)
  if from and zset_of[from] ~= zset_of[state] then redis.call('ZREM', Q .. ':' .. zset_of[from], id) end
  redis.call('ZADD', Q .. ':' .. zset_of[state], score, id)
  if from and not finished(from) then redis.call('HINCRBY', Q .. ':stats', from, -1) end
  redis.call('HINCRBY', Q .. ':stats', state, 1)
  if from == 'running' then redis.call('HDEL', key, 'phase', 'pass') end
  if batch and batch ~= '' then count_in_batch(batch, from, state, keep) end
end

-- A job whose record somebody deleted would block its line for ever: forgets it. `target` as far as it is known.
local function forget(target, id)
  if target then
    redis.call('LREM', line_key(target), 1, id)
    redis.call('ZREM', priorities_key(target), id)
  end
  redis.call('SREM', Q .. ':retrying', id)
  redis.call('HDEL', targets, id)
  for _, state in ipairs({ 'queued', 'scheduled', 'running' }) do
    if redis.call('ZREM', Q .. ':' .. zset_of[state], id) == 1 then
      redis.call('HINCRBY', Q .. ':stats', state, -1)
    end
  end
end

local function head_of(target)
  for _ = 1, 100 do
    local head = redis.call('LINDEX', line_key(target), 0)
    if not head then return nil end
    local record = redis.call('HMGET', job_key(head), 'state', 'enqueuedAt')
    if record[1] then return head, record[1], tonumber(record[2]) end
    forget(target, head)
  end
  return nil
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
  local head, state, enqueued_at = head_of(target)
  if not head and redis.call('LLEN', line_key(target)) == 0 then
    redis.call('ZREM', Q .. ':ready', target)
    redis.call('DEL', priorities_key(target))
  elseif head and state ~= 'queued' then
    redis.call('ZREM', Q .. ':ready', target)
  else
    local score = (1000 - highest_priority(target)) * 4398046511104 + (enqueued_at or now)
    local added = redis.call('ZADD', Q .. ':ready', string.format('%.0f', score), target)
    if added == 1 or not head then line_became_ready = true end
  end
end

-- Of a job whose record is gone only {Q}:targets still tells in which line it stands.
local function forget_without_record(id)
  local target = redis.call('HGET', targets, id)
  forget(target, id)
  if target then refresh_line(target) end
end

-- Puts a job at the end of its target's line. `order` tells which of two jobs for a target joined its line later.
local function join_line(id, target)
  redis.call('HSET', job_key(id), 'order', redis.call('INCR', Q .. ':order'))
  redis.call('RPUSH', line_key(target), id)
  local priority = tonumber(redis.call('HGET', job_key(id), 'priority') or nil) or 0
  if priority ~= 0 then redis.call('ZADD', priorities_key(target), priority, id) end
  refresh_line(target)
end

local function leave_line(id, target)
  redis.call('LREM', line_key(target), 1, id)
  redis.call('ZREM', priorities_key(target), id)
  redis.call('SREM', Q .. ':retrying', id)
  refresh_line(target)
end

-- Adds a finished job's counts to its batch, or takes them out again (sign -1).
local function sum_in_batch(id, sign)
  local batch = redis.call('HGET', job_key(id), 'batch')
  if not batch or batch == '' then return end
  local record = redis.call('HMGET', job_key(id), unpack(counts))
  for i, name in ipairs(counts) do
    local number = tonumber(record[i] or nil)
    if number and number ~= 0 then redis.call('HINCRBY', batch_key(batch), name, sign * number) end
  end
end

-- The job is over: out of its line, counted, expiring after `keep` ms. `why` replaces the record's error.
local function end_job(id, target, state, keep, why)
  local key = job_key(id)
  redis.call('HSET', key, 'finishedAt', now, 'updatedAt', now)
  if why then redis.call('HSET', key, 'error', why) end
  redis.call('HDEL', key, 'runAt', 'cancelRequested')
  change_state(id, state, now, keep)
  redis.call('HDEL', targets, id)
  sum_in_batch(id, 1)
  redis.call('PEXPIRE', key, keep)
  redis.call('PEXPIRE', failures_key(id), keep)
  if target and is_reference(target) then leave_line(id, target) end
  announce(id)
end

-- Back to the head of its line, where it still is, at once; the attempt is not used.
local function give_back(id, target)
  local key = job_key(id)
  redis.call('HINCRBY', key, 'attempt', -1)
  redis.call('HSET', key, 'updatedAt', now)
  change_state(id, 'queued', redis.call('HGET', key, 'enqueuedAt'))
  refresh_line(target)
  announce(id)
end

-- Whether the job still belongs to this claim. A former holder must write nothing.
local function holds(id, claim)
  local record = redis.call('HMGET', job_key(id), 'state', 'claim')
  return record[1] == 'running' and record[2] == claim
end

-- How this claim ended, if it did: the answer of a call that is repeated because its first answer was lost.
local function settled_before(id, claim)
  local settled = redis.call('HGET', job_key(id), 'settled')
  return settled and string.match(settled, '^' .. claim .. ' (%a+)$')
end

local function remember_settling(id, claim)
  redis.call('HSET', job_key(id), 'settled', claim .. ' ' .. redis.call('HGET', job_key(id), 'state'))
end

-- Once the job was validated its `accounts` are shown as JSON; what was asked for is kept for the next attempt.
local function keep_requested_accounts(key)
  redis.call('HSETNX', key, 'requested', redis.call('HGET', key, 'accounts') or '')
end

-- Writes what the worker says of its attempt; whether anything changed. ARGV from `from` on: index of the first
-- failure, number of failures, the failures, then pairs of field and value. Values are absolute: twice does no harm.
local function record_progress(id, from)
  local key, list, changed = job_key(id), failures_key(id), false
  local first, number = tonumber(ARGV[from]), tonumber(ARGV[from + 1])
  local known = redis.call('LLEN', list)
  for i = 0, number - 1 do
    if first + i >= known and first + i < most_failures then
      redis.call('RPUSH', list, ARGV[from + 2 + i])
      changed = true
    end
  end
  for i = from + 2 + number, #ARGV, 2 do
    if redis.call('HGET', key, ARGV[i]) ~= ARGV[i + 1] then
      if ARGV[i] == 'accounts' then keep_requested_accounts(key) end
      redis.call('HSET', key, ARGV[i], ARGV[i + 1])
      changed = true
    end
  end
  if changed then redis.call('HSET', key, 'updatedAt', now) end
  return changed
end
