#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const { pid, ppid } = process
const stat = require('fs').readFileSync('/proc/self/stat', 'latin1').replace(/^.*\) . /s, '').split(' ')
console.log(Number(stat[0]) === ppid, Number(stat[1]) === pid, process.getuid(), process.getgid(), process.getgroups())
console.log(Object.keys(process.versions), process.release.name, process.arch, process.platform, process.config.variables.napi_build_version)
// docs/guides/warm.md: from Node 26 on, standard error of a process that has waited may not be open yet.
const isLate = Number.parseInt(process.versions.node, 10) >= 26
const resources = process.getActiveResourcesInfo()
console.log(isLate ? [...new Set(resources)] : resources, process.listenerCount('exit'), process.eventNames(), process.exitCode)
console.log(process.features, process.report && process.report.signal, process.debugPort, process.noDeprecation, process.throwDeprecation)
console.log(process.mainModule === module, process.connected, process.channel, process.stdin.constructor.name)
console.log(require('fs').readFileSync('/proc/' + ppid + '/comm', 'utf8') !== '')
