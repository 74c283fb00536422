-- needs: entries commands
-- Takes entries out of the inbox, in order: makes records of jobs, carries out commands.
-- KEYS[1] {Q}
-- ARGV    maxAttempts of jobs that bring none, ms to keep finished records
-- Answer  {entries taken, jobs that were scheduled for later}
-- After   At most 100 entries are gone from the inbox. Each one is a job in its line (or scheduled), a record in state
--         failed whose error names the field, a command carried out, or a repetition of a job that is known.

local max_attempts, keep = ARGV[1], tonumber(ARGV[2])
local inbox = Q .. ':inbox'
local scheduled = 0

-- Fields of a record that only the moves and the worker write: an entry's field of that name is left out.
local ours = { state = true, claim = true, attempt = true, worker = true, phase = true, pass = true, removals = true,
               enqueuedAt = true, startedAt = true, updatedAt = true, finishedAt = true, runAt = true, error = true,
               output = true, order = true, settled = true, requested = true, cancelRequested = true, lease = true,
               leasesLost = true, mostUpdated = true, accountsBefore = true }
for _, name in ipairs(counts) do ours[name] = true end

-- An explicit entry id may lie in the future; an age may not.
local function new_job(id, entry_id, fields)
  local time, number = string.match(entry_id, '^(%d+)-(%d+)$')
  return { id = id, key = job_key(id), target = fields.target, batch = fields.batch, priority = fields.priority,
           enqueuedAt = math.min(tonumber(time), now), number = tonumber(number) }
end

local function write_record(job, fields)
  local list = { 'enqueuedAt', job.enqueuedAt }
  for name, value in pairs(fields) do
    if not ours[name] then list[#list + 1], list[#list + 2] = name, value end
    if #list > 1000 then
      redis.call('HSET', job.key, unpack(list))
      list = {}
    end
  end
  if #list > 0 then redis.call('HSET', job.key, unpack(list)) end
  redis.call('ZADD', Q .. ':jobs', job.enqueuedAt + math.min(job.number, 1023) / 1024, job.id)
end

local function refuse(job, fields, why)
  write_record(job, fields)
  end_job(job, 'failed', keep, 'error', why)
end

-- A delayed job stands in no line, where enqueue_once looks for one that came after the job it knows of. Whose record is
-- there already came before.
local function forget_asked(target)
  local asked = Q .. ':asked:' .. target
  local known = string.match(redis.call('GET', asked) or '', ' (%S+)$')
  if known and redis.call('EXISTS', job_key(known)) == 1 then redis.call('DEL', asked) end
end

local function accept(job, fields)
  local run_at = job.enqueuedAt + (tonumber(fields.delay) or 0)
  fields.maxAttempts = fields.maxAttempts or max_attempts
  write_record(job, fields)
  remember_target(job)
  if run_at > now then
    change_state(job, 'scheduled', run_at, 'runAt', run_at, 'order', redis.call('INCR', Q .. ':order'))
    scheduled = scheduled + 1
    forget_asked(job.target)
  else
    change_state(job, 'queued', job.enqueuedAt)
    join_line(job)
  end
  announce(job)
end

local function text_of(problem)
  return type(problem) == 'table' and problem.err or tostring(problem)
end

local function take_job(entry_id, fields, twice)
  local job = new_job(own_id(fields) or entry_id, entry_id, fields)
  if redis.call('EXISTS', job.key) == 1 then return end
  if redis.call('ZSCORE', Q .. ':jobs', job.id) then forget_without_record(job.id) end
  local fault = fault_of(fields, twice)
  if fault then return refuse(job, fields, fault) end
  local accepted, problem = pcall(accept, job, fields)
  if not accepted then pcall(refuse, job, fields, text_of(problem)) end
end

local function take(entry_id, pairs_of_entry)
  local fields, twice = read_fields(pairs_of_entry)
  local command, fault
  if not fields.target then command, fault = command_of(fields, twice) end
  if not command then return take_job(entry_id, fields, twice) end
  if fault then return refuse(new_job(entry_id, entry_id, fields), fields, fault) end
  commands[command](fields[command], keep)
end

local entries = redis.call('XRANGE', inbox, '-', '+', 'COUNT', '100')
if #entries == 0 then return { 0, 0 } end
-- Redis out of memory refuses the first write of a script only: here, before anything was taken.
redis.call('HINCRBY', Q .. ':stats', 'queued', 0)
for _, entry in ipairs(entries) do
  local taken, problem = pcall(take, entry[1], entry[2])
  if not taken then pcall(refuse, new_job(entry[1], entry[1], {}), {}, text_of(problem)) end
  redis.call('XDEL', inbox, entry[1])
end
return leave({ #entries, scheduled })
