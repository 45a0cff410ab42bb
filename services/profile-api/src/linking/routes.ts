import type { ReadKeys } from '@kenal/service-kit';
import { authenticate, opensBy } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readOptions } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Passes } from './passes.ts';
import * as schemas from './schemas.ts';

export interface LinkingRouteDeps {
  readonly readKeys: ReadKeys;
  readonly passes: Passes;
}

const TAGS = ['linking'];
const PATH = '/v1/identity/link';

/** `/v1/identity/link`: have all records linked, and see how it goes. */
export function mountLinking(app: TypedApp, { readKeys, passes }: LinkingRouteDeps): void {
  app.post(
    PATH,
    {
      onRequest: async (request) => void authenticate(readKeys, request, 'decide'),
      schema: {
        ...{ tags: TAGS, operationId: 'linkRecords', security: opensBy('decide') },
        summary: 'Link all records by probability: a job; while one waits or runs it is that one',
        response: { 202: schemas.passView, ...FAULTS },
      },
      config: { openapi: { body: schemas.linkRequestSchema } },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'decide');
      const { retrain } = readOptions(schemas.linkRequestSchema, request.body, '{"retrain": true}');
      const pass = await passes.ask(workspace, retrain);
      reply
        .code(202)
        .header('location', `${PATH}/${encodeURIComponent(pass.job)}`)
        .header('cache-control', 'no-store');
      return pass;
    },
  );

  app.get(
    PATH,
    {
      schema: {
        ...{ tags: TAGS, operationId: 'listLinkagePasses', security: opensBy('events') },
        summary: 'Passes over all records, newest first',
        response: { 200: schemas.passesView, ...FAULTS },
      },
    },
    async (request) => ({ passes: await passes.list(authenticate(readKeys, request, 'events').workspace) }),
  );

  app.get(
    `${PATH}/:job`,
    {
      schema: {
        ...{ tags: TAGS, operationId: 'getLinkagePass', security: opensBy('events'), params: schemas.passParams },
        summary: 'How one pass goes, or what it came to',
        response: { 200: schemas.passView, ...FAULTS },
      },
    },
    async (request) => passes.find(authenticate(readKeys, request, 'events').workspace, request.params.job),
  );
}
