#!{node}
console.log('Content-Type: text/plain\n')
console.log(process.argv, process.argv0, process.title)
