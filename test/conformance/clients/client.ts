// A client: a request in, an answer out, with nothing added that the case did not ask for.

import type { PosternGateway } from '../../../src/index.ts'
import type { CaseRequest, Family, FamilyOptions, OpenAnswer } from '../case.ts'

export interface Client extends AsyncDisposable {
  readonly url: string
  open(request: CaseRequest & { readonly target: string }): Promise<OpenAnswer>
}

/** The gateway stays its maker's. */
export type ClientMaker = (gateway: PosternGateway, family: Family, options: FamilyOptions) => Promise<Client>

/** The URL where a client needs one and nobody listens. */
export const nobodyListens = 'http://127.0.0.1:8080/'
