-- needs: grammar
-- Adds a job to the inbox, or answers the one that the same request added before: its caller never heard of it, and asks
-- again.
-- KEYS[1] {Q}
-- ARGV    target, fingerprint of the request, ms to remember it, then field and value pairs of the entry
-- Answer  {job id, 'added'} or {job id, 'known'}
-- After   The entry is in the inbox and {Q}:asked:<target> names it; or nothing changed but for how long that is kept.
--         A known job is not over and not to be cancelled, and no other for that target came after it: a new one is
--         never wrong, an old one would be if another had changed the target since. So wherever it is not certain, the
--         answer is a new job.

local target, fingerprint, keep = ARGV[1], ARGV[2], ARGV[3]
local inbox, asked = Q .. ':inbox', Q .. ':asked:' .. target
local most_entries = 100

-- Whether the job still waits in the inbox, or is the last in its target's line.
local function is_last(id)
  local job = read_job(id, 'cancelRequested')
  if not job.state then return #redis.call('XRANGE', inbox, id, id) == 1 end
  if finished(job.state) or job.cancelRequested then return false end
  return redis.call('LINDEX', line_key(target), -1) == id
end

-- Whether one pair of an entry may add a job for this target, bring one back, or cancel this one.
local function meddles(name, value, id)
  if name == 'target' then return value == target end
  if name == 'cancel' then return value == id end
  if name ~= 'retry' or not is_id(value) then return false end
  local retried = read_job(value)
  return not retried.state or retried.target == target
end

-- Jobs are taken in in order: what is in the inbox and not before this one came after it.
local function nothing_follows(id)
  local entries = redis.call('XRANGE', inbox, '(' .. id, '+', 'COUNT', most_entries + 1)
  if #entries > most_entries then return false end
  for _, entry in ipairs(entries) do
    for i = 1, #entry[2], 2 do
      if meddles(entry[2][i], entry[2][i + 1], id) then return false end
    end
  end
  return true
end

local known, id = string.match(redis.call('GET', asked) or '', '^(%S+) (%S+)$')
if known == fingerprint and is_last(id) and nothing_follows(id) then
  redis.call('PEXPIRE', asked, keep)
  return { id, 'known' }
end
id = redis.call('XADD', inbox, '*', unpack(ARGV, 4))
redis.call('SET', asked, fingerprint .. ' ' .. id, 'PX', keep)
return { id, 'added' }
