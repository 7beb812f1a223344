-- One connection a thread walks attempts one after the other: it answers a question, reads the next
-- one's token from the part that comes back, and goes on. The last question of each is left out, so
-- that every request is an answer step. Attempts and first tokens come from a file: one a line.

local function encode(text)
  return (text:gsub("[^%w%-_%.]", function(c) return string.format("%%%02X", c:byte()) end))
end

local threads = 0
function setup(thread)
  thread:set("index", threads)
  threads = threads + 1
end

function init(args)
  attempts, at, steps = {}, 0, tonumber(args[2])
  cookie, bad, sent = args[3], 0, 0
  local round, rounds = args[5]:match("^(%d+)/(%d+)$")
  local part = tonumber(args[4]) * tonumber(rounds)
  local mine = tonumber(round) * tonumber(args[4]) + index
  local n = 0
  for line in io.lines(args[1]) do
    if n % part == mine then attempts[#attempts + 1] = line end
    n = n + 1
  end
  next_attempt()
end

function next_attempt()
  at = at + 1
  if at > #attempts then error("more attempts are needed") end
  attempt, question, token, value = attempts[at]:match("^(%S+) (%S+) (%S+) (%S+)$")
  step = 0
end

function request()
  sent = sent + 1
  local body = "view=" .. encode(token) .. "&a30=1200&a10=1200&seq=1&" .. value
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["User-Agent"] = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
    ["Cookie"] = cookie, ["HX-Request"] = "true", ["Sec-Fetch-Site"] = "same-origin",
    ["Origin"] = "http://127.0.0.1",
  }
  return wrk.format("POST", "/a/" .. attempt .. "/" .. question, headers, body)
end

function response(status, headers, body)
  if status ~= 200 then
    bad = bad + 1
    return next_attempt()
  end
  step = step + 1
  if step >= steps then return next_attempt() end
  local action = body:match('hx%-post="/a/[0-9a-f]+/([a-z0-9-]+)')
  local view = body:match('name="?view"? value="([^"]+)"')
  if not action or not view then
    bad = bad + 1
    return next_attempt()
  end
  question, token = action, view
  local choice = body:match('type="?radio"?[^>]-value="?([a-z0-9-]+)') or body:match('type="?checkbox"?[^>]-name="?answer"?[^>]-value="?([a-z0-9-]+)')
  local low = body:match('type="?number"?[^>]-min="?([0-9.]+)')
  value = choice and ("answer=" .. choice) or ("answer=" .. (low or ""))
end

function done(summary, latency, requests)
  io.write(string.format("QF %d %d %d %.3f %.3f %.3f\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
