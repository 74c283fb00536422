-- needs: holding progress events
-- Renews a lease and records the progress.
-- KEYS[1] {Q}
-- ARGV    job id, claim, lease in ms, then the progress (record_progress)
-- Answer  'ours', 'cancel' if somebody asked for it, 'lost' to a former holder
-- After   Unless lost: the lease ends `lease` ms from now, the record shows the progress.

local id, claim, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local job = held(id, claim)
if not job then return 'lost' end
redis.call('ZADD', Q .. ':running', now + lease, id)
if record_progress(job, 4) then announce(job) end
return leave(job.cancelRequested and 'cancel' or 'ours')
