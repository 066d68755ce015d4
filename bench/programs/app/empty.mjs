// Nothing but Node.
process.exitCode = 0
