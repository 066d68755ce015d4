#!{node} --trace-uncaught
console.log('Content-Type: text/plain\n')
throw 'plain'
