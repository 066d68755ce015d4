// All conformance cases, gathered: what run-cell.ts runs, and what scripts/spec-coverage.mjs lists.

import type { Family } from './case.ts'
import { authorizers } from './families/authorizer.ts'
import { inherited, processEnvironment, searchWords } from './families/environment.ts'
import { fieldCases, passedAuthorization } from './families/fields.ts'
import { framing } from './families/framing.ts'
import { headAndOptions } from './families/head-and-options.ts'
import { queueLimits, sizeLimits, timeLimits } from './families/limits.ts'
import { metaVariables, namedServer, signedIn } from './families/meta-variables.ts'
import { nphScripts } from './families/nph.ts'
import { encodedSlashes, pathInfoCases } from './families/path-info.ts'
import { redirects } from './families/redirects.ts'
import { filesOnly, linkRoots, refusals, startFailures } from './families/refusals.ts'
import { requestBody } from './families/request-body.ts'
import { responseHeads, untypedBodies } from './families/response-heads.ts'
import { encodedMount, mounted, routed, scriptName, slashedMount } from './families/script-name.ts'
import { sendFiles, sendFilesUnnamed } from './families/send-file.ts'
import { slowClients } from './families/slow-clients.ts'
import { standardError } from './families/standard-error.ts'
import { listings, staticFiles } from './families/static-files.ts'
import { statusCases } from './families/status.ts'
import { streaming } from './families/streaming.ts'
import { strictRequests } from './families/strict-requests.ts'

export const families: readonly Family[] = [
  [metaVariables, signedIn, namedServer],
  [pathInfoCases, encodedSlashes],
  [scriptName, routed, mounted, slashedMount, encodedMount],
  [fieldCases, passedAuthorization],
  [requestBody],
  [responseHeads, untypedBodies, statusCases, redirects, nphScripts],
  [headAndOptions],
  [framing, strictRequests],
  [timeLimits, queueLimits, sizeLimits, slowClients],
  [staticFiles, listings],
  [sendFiles, sendFilesUnnamed],
  [authorizers],
  [refusals, startFailures, filesOnly, linkRoots],
  [streaming, standardError],
  [processEnvironment, searchWords, inherited],
].flat()
