-- What wrk prints for people is rounded; this prints the same figures whole, in one line, for wrk.ts to read. With an
-- argument, `-- 200`, every request posts so many bytes.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function clockUs()
  local ffi = require('ffi')
  pcall(ffi.cdef, [[
    typedef struct { long s; long us; } postern_timeval;
    int gettimeofday(postern_timeval *, void *);
  ]])
  local now = ffi.new('postern_timeval')
  ffi.C.gettimeofday(now, nil)
  return tonumber(now.s) * 1e6 + tonumber(now.us)
end

function init(args)
  if args[1] == nil then return end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/octet-stream'
  wrk.body = string.rep('x', tonumber(args[1]))
  if #wrk.body < 1024 * 1024 then return end
  -- A run ends in the middle of bodies. The whole ones are told of the time in which they were sent, not of all of it.
  function response()
    lastUs = clockUs()
  end
end

function done(summary, latency)
  local errors = summary.errors
  local lastUs = threads[1]:get('lastUs')
  local untilLastUs = lastUs and summary.duration - (clockUs() - lastUs) or summary.duration
  io.write(string.format(
    'report requests=%d bytes=%.0f durationUs=%d untilLastUs=%d p50Us=%d p99Us=%d badStatus=%d connect=%d read=%d write=%d timeout=%d\n',
    summary.requests, summary.bytes, summary.duration, untilLastUs, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
