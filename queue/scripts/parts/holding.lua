-- Who may write for a job: the claim that holds it. A former holder must write nothing.

-- The job, with the fields named, while it belongs to this claim; else nil.
-- A Redis that is out of memory refuses a move by its first write, if that one needs memory. What a holder writes is
-- little, and to refuse it would cost every running job its lease: so the first write is one that needs none.
local function held(id, claim, ...)
  local job = read_job(id, 'claim', 'attempt', 'cancelRequested', ...)
  if job.state ~= 'running' or job.claim ~= claim then return nil end
  redis.call('PERSIST', job.key)
  return job
end

-- How this claim ended, if it did: the answer of a call that is repeated because its first answer was lost.
local function settled_before(id, claim)
  local settled = redis.call('HGET', job_key(id), 'settled')
  return settled and string.match(settled, '^' .. claim .. ' (%a+)$')
end
