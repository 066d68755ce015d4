#!/usr/bin/env node
// strip: Symbol\(undici\.globalDispatcher\.\d\) 
// accepted: the classes of fetch leave a symbol in globalThis with their first use, which was before
console.log('Content-Type: text/plain\n')
console.log(Reflect.ownKeys(process).map(String).sort().join(' '))
console.log(Reflect.ownKeys(globalThis).map(String).sort().join(' '))
for (const name of ['fetch', 'Request', 'Response', 'Headers', 'FormData', 'crypto', 'navigator', 'process', 'Buffer']) {
  const own = Object.getOwnPropertyDescriptor(globalThis, name)
  console.log(name, own && Object.keys(own), own && own.enumerable, own && own.configurable, own && String(own.get || own.value).length)
}
