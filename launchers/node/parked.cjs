// A Node process that has its start behind it, waits for one request, and becomes that request's script
// (launchers/README.md). It is loaded by `node -r parked.cjs /dev/null NAME…`, before the main program.
//
// Node's own start goes on where this file leaves it: it reads `Module.runMain` to run the main program. There stands a
// getter, which waits for the request and gives back Node's own function, bound to the script's path. A bound function
// is in no stack, so that the script finds itself where it would be if it had been started afresh.
'use strict'

const Module = require('node:module')

/** In a thread of the script's (Node loads this file there too) there is nothing to do but to be gone. */
if (require('node:worker_threads').isMainThread) park()
else leaveNoTrace()

function park() {
  const startedAt = process.hrtime()
  for (const name of process.argv.splice(2)) load(name)
  const [seconds, nanoseconds] = process.hrtime(startedAt)
  const loadMicroseconds = Math.round(seconds * 1e6 + nanoseconds / 1000)
  const own = Object.getOwnPropertyDescriptor(Module, 'runMain')
  Object.defineProperty(Module, 'runMain', {
    configurable: true,
    enumerable: own.enumerable,
    get() {
      Object.defineProperty(Module, 'runMain', own)
      leaveNoTrace()
      const path = become(waitForRequest(loadMicroseconds))
      // What a script finds in RegExp.$1 and its like.
      RegExp.prototype.exec.call(/^/, '')
      return own.value.bind(Module, path)
    },
  })
}

/** Built-in modules that scripts name in their text. One that this Node lacks is the script's affair. */
function load(name) {
  try {
    if (name === 'fetch') loadFetch()
    else require(`node:${name}`)
  } catch {}
}

/** The classes behind `fetch` come with their first use; their properties stay what they were before it. */
function loadFetch() {
  const names = ['fetch', 'FormData', 'Headers', 'Request', 'Response']
  const stderr = Object.getOwnPropertyDescriptor(process, 'stderr')
  // Node's assert comes with them, and opens standard error, a pipe, to see whether it has colours: then it does not
  // block. Before Node 26 the first word on standard output does so anyway, unless assert has.
  const opensLate = Number.parseInt(process.versions.node, 10) >= 26
  if (opensLate) Object.defineProperty(process, 'stderr', { value: { isTTY: false }, configurable: true })
  // In some versions of Node to look at them is their first use.
  const own = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)])
  try {
    void new globalThis.Request('http://localhost/').headers
    void new globalThis.Response('').headers
  } finally {
    Object.defineProperty(process, 'stderr', stderr)
    for (const [name, descriptor] of own)
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor)
  }
}

/** Nothing that a script looks through has this file's name in it. */
function leaveNoTrace() {
  const at = process.execArgv.indexOf(__filename)
  if (at > 0) process.execArgv.splice(at - 1, 2)
  delete require.cache[__filename]
  for (const [request, file] of Object.entries(Module._pathCache || {})) {
    if (file === __filename) delete Module._pathCache[request]
  }
}

const control = 63

function waitForRequest(loadMicroseconds) {
  const fs = require('node:fs')
  const { user, system } = process.cpuUsage()
  fs.writeSync(control, `r ${user + system} ${loadMicroseconds}\n`)
  const length = take(fs, 4).readUInt32LE(0)
  const bytes = take(fs, length)
  // As Node decodes the environment and the arguments that it is started with.
  const text = bytes.toString('utf8')
  return { words: text.split('\0'), bytes: bytes.equals(Buffer.from(text)) ? undefined : bytes }
}

function take(fs, length) {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length;) {
    const count = fs.readSync(control, bytes, at, length - at, null)
    if (count === 0) process.exit(0)
    at += count
  }
  return bytes
}

function become({ words: [name, stdin, folder, path, count, ...rest], bytes }) {
  const fs = require('node:fs')
  try {
    process.chdir(folder)
    if (stdin !== '') {
      fs.closeSync(0)
      if (fs.openSync(stdin, stdin === '/dev/null' ? 'r' : 'r+') !== 0) throw new Error('standard input is not free')
    }
    if (name !== '') takeName(fs, name)
    const words = rest.splice(0, Number(count))
    process.argv.splice(1, process.argv.length, require('node:path').resolve(path), ...words)
    for (const variable of Object.keys(process.env)) delete process.env[variable]
    for (const entry of rest) {
      const end = entry.indexOf('=')
      process.env[entry.slice(0, end)] = entry.slice(end + 1)
    }
  } catch (error) {
    fs.writeSync(control, `n ${error.message}\n`)
    process.exit(0)
  }
  // /proc/self/environ is not the request's: `postern/app` finds here what process.env cannot say.
  if (bytes !== undefined) {
    Object.defineProperty(process, Symbol.for('postern.environment'), { value: bytes, configurable: true })
  }
  // From here on the request has been taken: nobody else will be given it.
  fs.writeSync(control, 'g\n')
  fs.closeSync(control)
  return process.argv[1]
}

/** The kernel names a process after the script that it was told to execute; a Node that names itself keeps that. */
function takeName(fs, name) {
  try {
    const file = '/proc/self/comm'
    const kernels = require('node:path').basename(process.argv0).slice(0, 15)
    if (fs.readFileSync(file, 'utf8').trimEnd() === kernels) fs.writeFileSync(file, name)
  } catch {
    // No /proc here.
  }
}
