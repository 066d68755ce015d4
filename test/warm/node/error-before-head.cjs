#!/usr/bin/env node
throw new Error('early')
