-- needs: grammar
-- What an entry of the inbox says.

-- A command stands once and alone in its entry.
local command_names = { cancel = true, retry = true, pause = true }
-- What an entry may say of a job; each once, but for accounts.
local request = { target = true, accounts = true, parameters = true, propagate = true, priority = true, delay = true,
                  id = true, maxAttempts = true, verify = true, dryRun = true, batch = true, requestedBy = true,
                  traceparent = true, onBehalfOf = true }

-- The entry's fields, accounts joined; the name of a field that may come once and came twice.
local function read_fields(pairs_of_entry)
  local fields, twice = {}, nil
  for i = 1, #pairs_of_entry, 2 do
    local name, value = pairs_of_entry[i], pairs_of_entry[i + 1]
    if fields[name] and name == 'accounts' then
      fields[name] = fields[name] .. ',' .. value
    else
      if fields[name] and (request[name] or command_names[name]) then twice = name end
      fields[name] = value
    end
  end
  return fields, twice
end

local function whole_number(text, least, most)
  if #text > 16 or not string.find(text, '^%-?%d+$') then return nil end
  local number = tonumber(text)
  return number >= least and number <= most and number or nil
end

-- The producer's own id, if it brings a valid one: a letter tells it from those that Redis gives.
local function own_id(fields)
  local id = fields.id
  return id and is_id(id) and string.find(id, '%a') and id or nil
end

-- Why the fields are no job; nothing if they are.
local function fault_of(fields, twice)
  if twice then return twice .. ': given more than once' end
  if not fields.target then return 'target: missing; an entry has a target, or else one of cancel, retry and pause' end
  if not is_reference(fields.target) then return 'target: must be a reference like Patient/123' end
  if not fields.accounts and not fields.parameters then
    return 'accounts: missing (give it empty to remove all accounts, or give parameters instead)'
  end
  if fields.id and not own_id(fields) then
    return 'id: must be 1 to 64 letters, digits, - or ., with at least one letter'
  end
  if fields.priority and not whole_number(fields.priority, -1000, 1000) then
    return 'priority: must be a whole number from -1000 to 1000'
  end
  if fields.delay and not whole_number(fields.delay, 0, 3155760000000) then
    return 'delay: must be a whole number of milliseconds from 0 to 3155760000000 (100 years)'
  end
  if fields.maxAttempts and not whole_number(fields.maxAttempts, 1, 1000000) then
    return 'maxAttempts: must be a whole number from 1 to 1000000'
  end
  return nil
end

-- The command in an entry that is none of a job, and why it cannot be carried out, if it cannot.
local function command_of(fields, twice)
  local command, several = nil, false
  for name in pairs(command_names) do
    if fields[name] then command, several = name, command ~= nil end
  end
  if not command then return nil, nil end
  if several then return command, 'cancel, retry, pause: only one in an entry' end
  if twice then return command, twice .. ': given more than once' end
  local value = fields[command]
  if command == 'pause' then
    return command, value ~= 'true' and value ~= 'false' and 'pause: must be true or false' or nil
  end
  return command, not is_id(value) and command .. ': must be the id of a job' or nil
end
