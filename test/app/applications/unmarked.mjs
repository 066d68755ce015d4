#!/usr/bin/env node
// The mistake of a listener that does not say that it is one.

import { serve } from 'postern/app'

await serve((request, response) => response.end('hello'))
