-- The same form as the product's answer step, to a server that only stores it.

function request()
  local body = "view=AAAAAAAAAAAA.19abcdef012.0123456789abc.1a2b3c4d.AAAAAAAAAAAAAAAAAAAAAA&a30=1200&a10=1200&seq=1&answer=espresso"
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["User-Agent"] = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
    ["Cookie"] = cookie, ["HX-Request"] = "true", ["Sec-Fetch-Site"] = "same-origin",
    ["Origin"] = "http://127.0.0.1",
  }
  return wrk.format("POST", "/a/0123456789abcdef0123456789abcdef/brew", headers, body)
end

function init(args)
  cookie = args[3]
end

function done(summary, latency, requests)
  io.write(string.format("QF %d %d %d %.3f %.3f %.3f\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
