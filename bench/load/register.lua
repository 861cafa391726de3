-- For wrk: every request registers a schema that nobody registered before, under a subject of its own.
-- Arguments: a word that makes this run's subjects unique.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  run = arguments[1] or "run"
  count = 0
end

function request()
  count = count + 1
  local name = string.format("%s_%d_%d", run, number, count)
  local body = string.format(
    '{"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"R_%s\\",\\"fields\\":[{\\"name\\":\\"id\\",\\"type\\":\\"long\\"}]}"}',
    name)
  return wrk.format("POST", "/subjects/" .. name .. "/versions",
                    { ["Content-Type"] = "application/vnd.schemaregistry.v1+json" }, body)
end
