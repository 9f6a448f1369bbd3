-- wrk script: paths come from a file, one request line each; POST bodies are made from a counter.
local paths, n, kind = {}, 0, nil
local thread_id = 0
function setup(thread) thread:set("id", thread_id); thread_id = thread_id + 1 end
function init(args)
  kind = args[1]
  for line in io.lines(args[2]) do n = n + 1; paths[n] = line end
  headers = { ["Authorization"] = "Bearer " .. args[3], ["Content-Type"] = "application/json" }
  run = args[4] or "0"
  at = 0
  math.randomseed(id * 7919 + 17)
end
function request()
  at = at + 1
  if kind == "post" then
    local body = string.format(paths[at % n + 1], run .. "-" .. id .. "-" .. at)
    return wrk.format("POST", "/api/v1/records/entries", headers, body)
  end
  return wrk.format("GET", paths[math.random(n)], headers)
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
