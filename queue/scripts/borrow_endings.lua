-- Lends endings of jobs to a worker that will write their audit lines.
-- KEYS[1] {Q}
-- ARGV    how many at most, ms for which nobody else gets them
-- Answer  {ending, …}, the oldest first: 'job state finishedAt target'; the target is left out where it is none
-- After   They stay in {Q}:unaudited until somebody takes them out; if nobody does, they are lent again.

local most, length = tonumber(ARGV[1]), tonumber(ARGV[2])
local unaudited = Q .. ':unaudited'

local due, lent = redis.call('ZRANGEBYSCORE', unaudited, '-inf', now, 'LIMIT', 0, most), {}
for _, ending in ipairs(due) do lent[#lent + 1], lent[#lent + 2] = now + length, ending end
if #lent > 0 then redis.call('ZADD', unaudited, unpack(lent)) end
return due
