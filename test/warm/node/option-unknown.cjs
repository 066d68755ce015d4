#!{node} --not-an-option
// warm: never
console.log('Content-Type: text/plain\n')
console.log('never')
