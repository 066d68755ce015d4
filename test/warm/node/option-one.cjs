#!{node} --no-warnings
console.log('Content-Type: text/plain\n')
process.emitWarning('hidden')
console.log(process.execArgv, process.argv.length)
