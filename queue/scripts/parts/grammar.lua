-- What ids and references look like.

-- FHIR R4 datatypes, id: [A-Za-z0-9\-\.]{1,64}; '.' and '..' would leave the path of a URL.
local function is_id(text)
  return #text <= 64 and string.find(text, '^[%w.-]+$') ~= nil and text ~= '.' and text ~= '..'
end

local function is_reference(text)
  local kind, id = string.match(text, '^(%u%a+)/([%w.-]+)$')
  return kind ~= nil and #kind <= 64 and is_id(id)
end
