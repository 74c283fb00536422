-- needs: holding progress endings
-- Ends a job.
-- KEYS[1] {Q}
-- ARGV    job id, claim, state (completed, failed, cancelled), ms to keep the record, error, output, number of removals
--         proven gone, those removals, then the progress (record_progress)
-- Answer  the job's state, the same when called twice; 'lost' to a former holder
-- After   Completed: the removals are no longer owed. The next job of the line is ready.

local id, claim, state, keep, why, output = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
local removed = tonumber(ARGV[7])

local job = held(id, claim, 'order', 'dryRun')
if not job then return settled_before(id, claim) or 'lost' end

record_progress(job, 8 + removed)
if why ~= '' then redis.call('HSET', job.key, 'error', why) end
if state == 'completed' then
  redis.call('HSET', job.key, 'output', output)
  for i = 1, removed do redis.call('SREM', owed_key(job.target), ARGV[7 + i]) end
  -- A dry run replaced nothing.
  if job.dryRun ~= 'true' then remember_completion(job.target, tonumber(job.order), keep) end
end
end_job(job, state, keep, 'settled', claim .. ' ' .. state)
return leave(state)
