-- Ends a job.
-- KEYS[1] {Q}
-- ARGV    job id, claim, state (completed, failed, cancelled), ms to keep the record, error, output, number of removals
--         proven gone, those removals, then the progress (record_progress)
-- Answer  the job's state, the same when called twice; 'lost' to a former holder
-- After   Completed: the removals are no longer owed. The next job of the line is ready.

local id, claim, state, keep, why, output = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
local removed = tonumber(ARGV[7])
local key = job_key(id)

if not holds(id, claim) then return settled_before(id, claim) or 'lost' end

local record = redis.call('HMGET', key, 'target', 'order', 'dryRun')
local target, order, dry_run = record[1], tonumber(record[2]), record[3] == 'true'

-- A later retry of an older job asks for this: it would bring back what this one replaced. A dry run replaced nothing.
local function remember_completion()
  if dry_run then return end
  local before = tonumber(redis.call('GET', completed_key(target)) or nil) or 0
  redis.call('SET', completed_key(target), string.format('%.0f', math.max(before, order)), 'PX', keep)
end

record_progress(id, 8 + removed)
if state == 'completed' then
  redis.call('HSET', key, 'output', output)
  redis.call('HDEL', key, 'error')
  for i = 1, removed do redis.call('SREM', owed_key(target), ARGV[7 + i]) end
  remember_completion()
end
end_job(id, target, state, keep, why ~= '' and why or nil)
remember_settling(id, claim)
return leave(state)
