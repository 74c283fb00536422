-- needs: holding
-- Adds accounts to what the target of a job owes.
-- KEYS[1] {Q}
-- ARGV    job id, claim, accounts …
-- Answer  'lost' to a former holder, else {account, …}: all that the target owes now
-- After   The accounts are in {Q}:owed:<target>. Unless lost, something was written, so that a WAIT or WAITAOF behind
--         this script covers also what a former holder added.

local id, claim = ARGV[1], ARGV[2]
local job = held(id, claim)
if not job then return 'lost' end
local owed = owed_key(job.target)
redis.call('HSET', job.key, 'updatedAt', now)
for i = 3, #ARGV do redis.call('SADD', owed, ARGV[i]) end
return redis.call('SMEMBERS', owed)
