-- Stands before every move: the queue's keys, its states, and Redis' time.
--
-- KEYS[1] is the queue's prefix with its hash tag, {Q}; every other key is {Q}:…, so all of them live in one slot.
-- Invariant: every job is in exactly one of the zsets waiting (-> enqueuedAt), scheduled (-> runAt), running (-> end of
-- the lease) and finished (-> when its record expires), the one that its `state` says; {Q}:stats counts the live ones
-- by state, {Q}:jobs (-> enqueuedAt, the entry's number behind the point) has all. A job is in its target's line while
-- it is queued, runs or waits to retry.
-- Lua does not roll back, so each move checks first and writes then; PUBLISH comes last and may fail.

local Q = KEYS[1]
local targets = Q .. ':targets'  -- job id -> target and batch of each live job, for when its record is gone
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local zset_of = { queued = 'waiting', scheduled = 'scheduled', running = 'running',
                  completed = 'finished', failed = 'finished', cancelled = 'finished' }
local counts = { 'resourcesUpdated', 'resourcesWritten', 'resourcesToWrite', 'resourcesUnchanged', 'resourcesGone',
                 'resourcesFailed', 'resourcesTotal' }

local function job_key(id) return Q .. ':job:' .. id end
local function failures_key(id) return Q .. ':job:' .. id .. ':failures' end
local function line_key(target) return Q .. ':line:' .. target end
local function priorities_key(target) return Q .. ':line:' .. target .. ':priorities' end
local function completed_key(target) return Q .. ':completed:' .. target end
local function owed_key(target) return Q .. ':owed:' .. target end
local function batch_key(batch) return Q .. ':batch:' .. batch end

local function finished(state) return zset_of[state] == 'finished' end

-- What a move knows of a job: its id, its key and the fields it names; nil where the record has none.
local function read_job(id, ...)
  local names = { 'state', 'target', 'batch', 'enqueuedAt', 'priority', ... }
  local values = redis.call('HMGET', job_key(id), unpack(names))
  local job = { id = id, key = job_key(id) }
  for i, name in ipairs(names) do job[name] = values[i] or nil end
  return job
end
