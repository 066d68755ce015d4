#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
interface Person { readonly name: string }
const person: Person = { name: 'Ada' }
console.log(person satisfies Person, process.argv)
export {}
