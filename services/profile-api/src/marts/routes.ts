import type { ReadKeys } from '@kenal/service-kit';
import { authenticate, opensBy } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readOptions } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Marts } from './marts.ts';
import * as schemas from './schemas.ts';

export interface MartRouteDeps {
  readonly readKeys: ReadKeys;
  readonly marts: Marts;
}

const TAGS = ['marts'];
const PATH = '/v1/marts';

/** `/v1/marts`: what there is, and have it refreshed. */
export function mountMarts(app: TypedApp, { readKeys, marts }: MartRouteDeps): void {
  app.get(
    PATH,
    {
      schema: {
        ...{ tags: TAGS, operationId: 'listMarts', security: opensBy('sql') },
        summary: 'Marts: those that are refreshed, in their order, then views',
        response: { 200: schemas.martsView, ...FAULTS },
      },
    },
    async (request) => ({ marts: await marts.list(authenticate(readKeys, request, 'sql').workspace) }),
  );

  app.post(
    `${PATH}/:name/refresh`,
    {
      onRequest: async (request) => void authenticate(readKeys, request, 'decide'),
      schema: {
        ...{ tags: TAGS, operationId: 'refreshMart', security: opensBy('decide'), params: schemas.martParams },
        summary: 'Have a mart refreshed: a job; while one waits or runs it is that one',
        response: { 202: schemas.martRunView, ...FAULTS },
      },
      config: { openapi: { body: schemas.refreshRequestSchema } },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'decide');
      const { full } = readOptions(schemas.refreshRequestSchema, request.body, '{"full": true}');
      const run = await marts.refresh(workspace, request.params.name, full);
      reply
        .code(202)
        .header('location', `${PATH}/${encodeURIComponent(run.mart)}/runs/${encodeURIComponent(run.job)}`)
        .header('cache-control', 'no-store');
      return run;
    },
  );

  app.get(
    `${PATH}/:name/runs/:job`,
    {
      schema: {
        ...{ tags: TAGS, operationId: 'getMartRun', security: opensBy('sql'), params: schemas.martRunParams },
        summary: 'How a refresh goes, or what it came to',
        response: { 200: schemas.martRunView, ...FAULTS },
      },
    },
    async (request) =>
      marts.find(authenticate(readKeys, request, 'sql').workspace, request.params.name, request.params.job),
  );
}
