-- Takes entries out of the inbox, in order: makes records of jobs, carries out commands.
-- KEYS[1] {Q}
-- ARGV    maxAttempts of jobs that bring none, ms to keep finished records
-- Answer  {entries taken, jobs that were scheduled for later}
-- After   At most 100 entries are gone from the inbox. Each one is a job in its line (or scheduled), a record in state
--         failed whose error names the field, a command carried out, or a repetition of a job that is known.

local max_attempts, keep = ARGV[1], tonumber(ARGV[2])
local inbox = Q .. ':inbox'
local scheduled = 0

-- A command stands once and alone in its entry.
local command_names = { cancel = true, retry = true, pause = true }
-- What an entry may say of a job; each once, but for accounts.
local request = { target = true, accounts = true, parameters = true, propagate = true, priority = true, delay = true,
                  id = true, maxAttempts = true, verify = true, dryRun = true, batch = true, requestedBy = true,
                  traceparent = true, onBehalfOf = true }
-- Fields of a record that only the moves and the worker write: an entry's field of that name is left out.
local ours = { state = true, claim = true, attempt = true, worker = true, phase = true, pass = true, removals = true,
               enqueuedAt = true, startedAt = true, updatedAt = true, finishedAt = true, runAt = true, error = true,
               output = true, order = true, settled = true, requested = true, cancelRequested = true,
               leasesLost = true, mostUpdated = true }
for _, name in ipairs(counts) do ours[name] = true end

-- The entry's fields, accounts joined; the name of a field that may come once and came twice.
local function read_fields(pairs_of_entry)
  local fields, twice = {}, nil
  for i = 1, #pairs_of_entry, 2 do
    local name, value = pairs_of_entry[i], pairs_of_entry[i + 1]
    if fields[name] and name == 'accounts' then
      fields[name] = fields[name] .. ',' .. value
    else
      if fields[name] and (request[name] or command_names[name]) then twice = name end
      fields[name] = value
    end
  end
  return fields, twice
end

local function whole_number(text, least, most)
  if #text > 16 or not string.find(text, '^%-?%d+$') then return nil end
  local number = tonumber(text)
  return number >= least and number <= most and number or nil
end

-- Why the fields are no job; nothing if they are.
local function fault_of(fields, twice)
  if twice then return twice .. ': given more than once' end
  if not fields.target then return 'target: missing; an entry has a target, or else one of cancel, retry and pause' end
  if not is_reference(fields.target) then return 'target: must be a reference like Patient/123' end
  if not fields.accounts and not fields.parameters then
    return 'accounts: missing (give it empty to remove all accounts, or give parameters instead)'
  end
  if fields.id and not (is_id(fields.id) and string.find(fields.id, '%a')) then
    return 'id: must be 1 to 64 letters, digits, - or ., with at least one letter'
  end
  if fields.priority and not whole_number(fields.priority, -1000, 1000) then
    return 'priority: must be a whole number from -1000 to 1000'
  end
  if fields.delay and not whole_number(fields.delay, 0, 3155760000000) then
    return 'delay: must be a whole number of milliseconds from 0 to 3155760000000 (100 years)'
  end
  if fields.maxAttempts and not whole_number(fields.maxAttempts, 1, 1000000) then
    return 'maxAttempts: must be a whole number from 1 to 1000000'
  end
  return nil
end

local function own_id(fields)
  local id = fields.id
  return id and is_id(id) and string.find(id, '%a') and id or nil
end

-- An explicit entry id may lie in the future; an age may not.
local function enqueued_at(entry_id)
  return math.min(tonumber(string.match(entry_id, '^(%d+)-')), now)
end

local function write_record(id, entry_id, fields)
  local key = job_key(id)
  redis.call('HSET', key, 'enqueuedAt', enqueued_at(entry_id), 'updatedAt', now)
  for name, value in pairs(fields) do
    if not ours[name] then redis.call('HSET', key, name, value) end
  end
end

local function refuse(id, entry_id, fields, why)
  write_record(id, entry_id, fields)
  end_job(id, fields.target, 'failed', keep, why)
end

local function accept(id, entry_id, fields)
  local run_at = enqueued_at(entry_id) + (tonumber(fields.delay) or 0)
  fields.maxAttempts = fields.maxAttempts or max_attempts
  write_record(id, entry_id, fields)
  redis.call('HSET', targets, id, fields.target)
  if run_at > now then
    redis.call('HSET', job_key(id), 'runAt', run_at, 'order', redis.call('INCR', Q .. ':order'))
    change_state(id, 'scheduled', run_at)
    scheduled = scheduled + 1
  else
    change_state(id, 'queued', enqueued_at(entry_id))
    join_line(id, fields.target)
  end
  announce(id)
end

local function take_job(entry_id, fields, twice)
  local id = own_id(fields) or entry_id
  if redis.call('EXISTS', job_key(id)) == 1 then return end
  if redis.call('HEXISTS', targets, id) == 1 then forget_without_record(id) end
  local fault = fault_of(fields, twice)
  if fault then return refuse(id, entry_id, fields, fault) end
  local accepted, problem = pcall(accept, id, entry_id, fields)
  if not accepted then refuse(id, entry_id, fields, type(problem) == 'table' and problem.err or tostring(problem)) end
end

local commands = {}

function commands.cancel(id)
  local record = redis.call('HMGET', job_key(id), 'state', 'target')
  if record[1] == 'running' then
    redis.call('HSET', job_key(id), 'cancelRequested', '1')
  elseif record[1] and not finished(record[1]) then
    end_job(id, record[2], 'cancelled', keep)
  end
end

local function refuse_retry(id, why)
  redis.call('HSET', job_key(id), 'error', 'retry refused: ' .. why, 'updatedAt', now)
end

-- Of failed and cancelled jobs only, and not of an entry that never was a job: it has no order.
function commands.retry(id)
  local key = job_key(id)
  local record = redis.call('HMGET', key, 'state', 'target', 'order')
  local target, order = record[2], tonumber(record[3] or nil)
  if record[1] ~= 'failed' and record[1] ~= 'cancelled' then return end
  if not order then return refuse_retry(id, 'it never was a valid job') end
  local completed = tonumber(redis.call('GET', completed_key(target)) or nil)
  if completed and completed > order then
    return refuse_retry(id, 'a later job for ' .. target ..
      ' has completed since, and this one would bring back what it replaced')
  end
  sum_in_batch(id, -1)
  redis.call('DEL', failures_key(id))
  redis.call('HDEL', key, 'attempt', 'error', 'removals', 'startedAt', 'finishedAt', 'worker', 'leasesLost',
    'mostUpdated', unpack(counts))
  redis.call('HSET', key, 'updatedAt', now)
  redis.call('PERSIST', key)
  redis.call('HSET', targets, id, target)
  change_state(id, 'queued', redis.call('HGET', key, 'enqueuedAt'))
  join_line(id, target)
  announce(id)
end

function commands.pause(paused)
  if paused == 'true' then
    redis.call('SET', Q .. ':paused', '1')
  else
    redis.call('DEL', Q .. ':paused')
    line_became_ready = true
  end
end

local function command_fault(name, value)
  if name == 'pause' then
    return value ~= 'true' and value ~= 'false' and 'pause: must be true or false' or nil
  end
  return not is_id(value) and name .. ': must be the id of a job' or nil
end

local function take(entry_id, pairs_of_entry)
  local fields, twice = read_fields(pairs_of_entry)
  if fields.target then return take_job(entry_id, fields, twice) end
  local command, several = nil, false
  for name in pairs(commands) do
    if fields[name] then command, several = name, command ~= nil end
  end
  if not command then return take_job(entry_id, fields, twice) end
  local fault = several and 'cancel, retry, pause: only one in an entry' or
    twice and twice .. ': given more than once' or command_fault(command, fields[command])
  if fault then return refuse(entry_id, entry_id, fields, fault) end
  commands[command](fields[command])
end

local entries = redis.call('XRANGE', inbox, '-', '+', 'COUNT', '100')
if #entries == 0 then return { 0, 0 } end
-- Redis out of memory refuses the first write of a script only: here, before anything was taken.
redis.call('HINCRBY', Q .. ':stats', 'queued', 0)
for _, entry in ipairs(entries) do
  local taken, problem = pcall(take, entry[1], entry[2])
  if not taken then
    pcall(refuse, entry[1], entry[1], {}, type(problem) == 'table' and problem.err or tostring(problem))
  end
  redis.call('XDEL', inbox, entry[1])
end
return leave({ #entries, scheduled })
