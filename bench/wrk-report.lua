-- What wrk prints for people is rounded; this prints the same figures whole, in one line, for wrk.ts to read.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'report requests=%d durationUs=%d p50Us=%d p99Us=%d badStatus=%d connect=%d read=%d write=%d timeout=%d\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
