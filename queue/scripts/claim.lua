-- Gives the best waiting job to a worker.
-- KEYS[1] {Q}
-- ARGV    worker, lease in ms, token of this request (the same again when the first answer was lost)
-- Answer  {last id of {Q}:wake} without a job, else {last id of {Q}:wake, job id, {field, value, …}} with the record
--         as it was requested and is now
-- After   The job runs under a new claim number and a lease; what its last attempt counted is gone. Its line is not
--         ready.

local worker, lease, token = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local claimed = Q .. ':claimed:' .. worker

local function last_wake()
  local entries = redis.call('XREVRANGE', Q .. ':wake', '+', '-', 'COUNT', '1')
  return entries[1] and entries[1][1] or '0-0'
end

-- The record with `accounts` as the entry had them.
local function request_of(id)
  local record, fields, requested, has_parameters = redis.call('HGETALL', job_key(id)), {}, nil, false
  for i = 1, #record, 2 do
    if record[i] == 'requested' then requested = record[i + 1] end
    if record[i] == 'parameters' then has_parameters = true end
  end
  for i = 1, #record, 2 do
    if record[i] ~= 'accounts' then
      fields[#fields + 1], fields[#fields + 2] = record[i], record[i + 1]
    elseif not has_parameters then
      fields[#fields + 1], fields[#fields + 2] = 'accounts', requested or record[i + 1]
    end
  end
  return fields
end

local function claimed_before()
  local answer = redis.call('GET', claimed)
  if not answer then return nil end
  local its_token, id, claim = string.match(answer, '^(%S+) (%S+) (%S+)$')
  return its_token == token and holds(id, claim) and id or nil
end

local function next_job()
  for _ = 1, 100 do
    local target = redis.call('ZRANGE', Q .. ':ready', 0, 0)[1]
    if not target then return nil end
    local head, state = head_of(target)
    if state == 'queued' then return head, target end
    refresh_line(target)
  end
  return nil
end

local wake = last_wake()
local known = claimed_before()
if known then
  redis.call('ZADD', Q .. ':running', now + lease, known)
  return { wake, known, request_of(known) }
end
if redis.call('EXISTS', Q .. ':paused') == 1 then return { wake } end
local id, target = next_job()
if not id then return leave({ wake }) end

local key = job_key(id)
local claim = redis.call('HINCRBY', key, 'claim', 1)
redis.call('HINCRBY', key, 'attempt', 1)
redis.call('HSET', key, 'worker', worker, 'startedAt', now, 'updatedAt', now)
redis.call('HDEL', key, 'removals', 'runAt', 'resourcesUpdated', 'resourcesToWrite', 'resourcesUnchanged',
  'resourcesGone', 'resourcesFailed', 'resourcesTotal')
redis.call('DEL', failures_key(id))
change_state(id, 'running', now + lease)
redis.call('ZREM', Q .. ':ready', target)
redis.call('SET', claimed, token .. ' ' .. id .. ' ' .. claim, 'PX', lease)
announce(id)
return leave({ wake, id, request_of(id) })
