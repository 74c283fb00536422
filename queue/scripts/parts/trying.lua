-- A job that cannot be moved must not stop the others.

-- Moves each of the jobs. One that somebody put a key of another type in the way of says so in its record and is tried
-- again in ten seconds.
local function try_each(ids, zset, move)
  for _, id in ipairs(ids) do
    local moved, problem = pcall(move, id)
    if not moved then
      redis.call('ZADD', Q .. ':' .. zset, 'XX', now + 10000, id)
      local text = type(problem) == 'table' and problem.err or tostring(problem)
      if redis.call('EXISTS', job_key(id)) == 1 then
        pcall(redis.call, 'HSET', job_key(id), 'error', 'cannot be moved: ' .. text)
      end
    end
  end
end
