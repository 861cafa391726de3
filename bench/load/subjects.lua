-- For wrk: each thread registers its share of `total` subjects, one schema of about 1 kB each, and
-- asks for something small from then on.
-- Arguments: how many subjects all threads together register.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local nouns = { "order", "payment", "customer", "invoice", "shipment", "account", "ledger", "cart",
                "refund", "coupon", "supplier", "warehouse", "ticket", "session", "device", "sensor" }
local parts = { "id", "name", "amount", "currency", "created_at", "updated_at", "status", "country",
                "street", "city", "email", "phone", "quantity", "price", "discount", "reason" }

function init(arguments)
  share = tonumber(arguments[1]) / 2  -- wrk runs with two threads
  count = 0
end

function request()
  -- wrk calls this once to see what comes and throws it away, so each thread begins anew for a few.
  if count >= share + 4 then
    return wrk.format("GET", "/schemas/types")
  end
  local at = number * share + count % share
  count = count + 1
  local noun = nouns[at % #nouns + 1]
  local fields = {}
  for field = 1, 8 do
    local part = parts[(at + field * 3) % #parts + 1]
    fields[field] = string.format(
      '{\\"name\\":\\"%s_%s_%d\\",\\"type\\":[\\"null\\",\\"string\\"],\\"default\\":null,\\"doc\\":\\"The %s of the %s, as %s reports it.\\"}',
      noun, part, field, part, noun, nouns[(at + field) % #nouns + 1])
  end
  local body = string.format(
    '{"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"Event%d\\",\\"namespace\\":\\"bench.%s\\",\\"doc\\":\\"Event number %d of the bench.\\",\\"fields\\":[%s]}"}',
    at, noun, at, table.concat(fields, ","))
  return wrk.format("POST", string.format("/subjects/%s.%06d-value/versions", noun, at),
                    { ["Content-Type"] = "application/vnd.schemaregistry.v1+json" }, body)
end
