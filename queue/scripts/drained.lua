-- Whether no job is left that could run now or after a backoff.
-- KEYS[1] {Q}
-- ARGV    none
-- Answer  1 or 0. Delayed jobs do not count, nor those of a paused queue that wait.

if redis.call('XLEN', Q .. ':inbox') > 0 or redis.call('ZCARD', Q .. ':running') > 0 then return 0 end
if redis.call('EXISTS', Q .. ':paused') == 1 then return 1 end
if redis.call('ZCARD', Q .. ':waiting') > 0 or redis.call('SCARD', Q .. ':retrying') > 0 then return 0 end
return 1
