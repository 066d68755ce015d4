#!/usr/bin/env node
// with: modules
console.log('Content-Type: text/plain\n')
import { twice } from './modules/twice.ts'
console.log(twice(21))
