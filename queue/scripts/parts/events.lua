-- needs: grammar
-- What is told when a move is over: a message for each change, on {Q}:events; that a line became ready, in {Q}:wake.
-- A move that changes something answers once, at its end, through leave().

local messages, line_became_ready = {}, false

-- Notes the job's present state and counts for {Q}:events.
local function announce(job)
  local record = redis.call('HMGET', job.key, 'phase', 'pass', unpack(counts))
  local message = { id = job.id, state = job.state, phase = record[1] or nil, pass = tonumber(record[2] or nil) }
  if job.target and is_reference(job.target) then message.target = job.target end
  for i, name in ipairs(counts) do message[name] = tonumber(record[2 + i] or nil) end
  messages[#messages + 1] = cjson.encode(message)
end

-- The last thing a move does: wakes those who wait for a job, tells the listeners, answers.
local function leave(answer)
  if line_became_ready then redis.call('XADD', Q .. ':wake', 'MAXLEN', '1', '*', 'ready', '1') end
  for _, message in ipairs(messages) do redis.pcall('PUBLISH', Q .. ':events', message) end
  return answer
end
