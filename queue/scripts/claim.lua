-- needs: lines
-- Gives the best waiting job to a worker.
-- KEYS[1] {Q}
-- ARGV    worker, lease in ms, token of this request (the same again when the first answer was lost)
-- Answer  {last id of {Q}:wake} without a job, or when the one that this token gave is lost or over; else {last id of
--         {Q}:wake, job id, {field, value, …}} with the record as it was requested and is now
-- After   The job runs under a new claim number and a lease; what its last attempt counted is gone. Its line is not
--         ready. Claim numbers rise with the time: one that a failover forgot, or that went with a deleted record, is
--         not given again. A token gives one job at most, however late the network repeats it.

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

-- Whether this token gave a job, and which one, if it still runs under that claim.
local function claimed_before()
  local its_token, id, claim = string.match(redis.call('GET', claimed) or '', '^(%S+) (%S+) (%S+)$')
  if its_token ~= token then return false, nil end
  local job = read_job(id, 'claim')
  return true, job.state == 'running' and job.claim == claim and id or nil
end

local function next_job()
  for _ = 1, 100 do
    local target = redis.call('ZRANGE', Q .. ':ready', 0, 0)[1]
    if not target then return nil end
    local head = head_of(target)
    if head and head.state == 'queued' then return head end
    refresh_line(target)
  end
  return nil
end

local wake = last_wake()
local answered, known = claimed_before()
if known then
  redis.call('ZADD', Q .. ':running', now + lease, known)
  return { wake, known, request_of(known) }
end
if answered then return { wake } end
if redis.call('EXISTS', Q .. ':paused') == 1 then return { wake } end
local job = next_job()
if not job then return leave({ wake }) end

local microseconds = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local claim = string.format('%.0f', math.max((tonumber(job.claim) or 0) + 1, microseconds))
change_state(job, 'running', now + lease, 'claim', claim, 'attempt', (tonumber(job.attempt) or 0) + 1,
  'worker', worker, 'startedAt', now, 'lease', lease)
redis.call('HDEL', job.key, 'removals', 'runAt', 'resourcesUpdated', 'resourcesToWrite', 'resourcesUnchanged',
  'resourcesGone', 'resourcesFailed', 'resourcesTotal')
redis.call('DEL', failures_key(job.id))
redis.call('ZREM', Q .. ':ready', job.target)
redis.call('SET', claimed, token .. ' ' .. job.id .. ' ' .. claim, 'PX', lease)
announce(job)
return leave({ wake, job.id, request_of(job.id) })
