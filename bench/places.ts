/**
 * Where the benchmark's files are. This file runs as build/bench/places.js, and the programs, the load generator's script
 * and the results stay in the source tree, so every path starts at the repository's root.
 */
import { fileURLToPath } from 'node:url'

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const programsFolder: string = inRepository('bench/programs')
export const wrkScript: string = inRepository('bench/wrk-report.lua')
export const resultsFolder: string = inRepository('bench/results')
export const posternCommand: string = inRepository('dist/cli/main.js')
