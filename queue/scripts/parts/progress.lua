-- What a worker says of its attempt. ARGV from `from` on: index of the first failure, number of failures, the failures,
-- then pairs of field and value. Values are absolute: saying them twice does no harm.

local most_failures = 1000

local function record_failures(job, first, last_argument, from)
  local list, new = failures_key(job.id), {}
  local known = redis.call('LLEN', list)
  for i = from, last_argument do
    local index = first + i - from
    if index >= known and index < most_failures then new[#new + 1] = ARGV[i] end
  end
  if #new > 0 then redis.call('RPUSH', list, unpack(new)) end
  return #new > 0
end

-- Writes it to the record; whether anything changed.
local function record_progress(job, from)
  local first, number = tonumber(ARGV[from]), tonumber(ARGV[from + 1])
  local last_failure = from + 1 + number
  local changed = number > 0 and record_failures(job, first, last_failure, from + 2)
  local names, changes = {}, {}
  for i = last_failure + 1, #ARGV, 2 do names[#names + 1] = ARGV[i] end
  local known = redis.call('HMGET', job.key, unpack(names))
  for i, name in ipairs(names) do
    local value = ARGV[last_failure + 2 * i]
    -- The first plan of a job alone sees what was there before it.
    if known[i] ~= value and not (known[i] and name == 'accountsBefore') then
      changed, changes[#changes + 1], changes[#changes + 2] = true, name, value
      -- Once the job was validated its accounts are shown as JSON; the next attempt needs what was asked for.
      if name == 'accounts' then redis.call('HSETNX', job.key, 'requested', known[i] or '') end
    end
  end
  if changed then redis.call('HSET', job.key, 'updatedAt', now, unpack(changes)) end
  return changed
end
