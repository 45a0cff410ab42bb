import { exportSchema } from '@kenal/contracts';
import { authenticate, type KeyPlaces, opensBy, problemSchema, type Reader, type ReadKeys } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readBody } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { ManagedExports } from './managed-exports.ts';
import * as schemas from './schemas.ts';

export interface ExportRouteDeps {
  readonly readKeys: ReadKeys;
  readonly exports: ManagedExports;
}

const PATH = '/v1/exports';
const SHARED = { tags: ['exports'], security: opensBy('manage') };
/** Who has people written elsewhere must be able to read them. */
const WRITES = { tags: ['exports'], security: opensBy('manage', 'sql') };
const EXAMPLE = {
  name: 'crm',
  what: 'profiles',
  fields: ['traits.email', 'computed.churn.band'],
  schedule: '0 5 * * *',
};

/** `/v1/exports`: files of profiles, views and answers to SQL. */
export function mountExports(app: TypedApp, { readKeys, exports }: ExportRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  const mayWrite = (request: KeyPlaces): Reader => {
    manage(request);
    return authenticate(readKeys, request, 'sql');
  };
  app.get(
    PATH,
    {
      schema: {
        ...{ ...SHARED, operationId: 'listExports', summary: 'Exports of the workspace, and the files that they left' },
        response: { 200: schemas.exportsView, ...FAULTS },
      },
    },
    async (request) => ({ exports: await exports.show(manage(request).workspace) }),
  );

  app.post(
    PATH,
    {
      onRequest: async (request) => void mayWrite(request),
      schema: {
        ...{ ...WRITES, operationId: 'createExport', summary: 'Have something written to a folder or a bucket' },
        response: { 201: schemas.exportView, ...FAULTS, 409: problemSchema },
      },
      config: { openapi: { body: exportSchema.meta({ examples: [EXAMPLE] }) } },
    },
    async (request, reply) => {
      const wanted = readBody(exportSchema, request.body, JSON.stringify(EXAMPLE));
      reply.code(201);
      return exports.create(mayWrite(request), wanted);
    },
  );

  app.delete(
    `${PATH}/:name`,
    {
      schema: {
        ...{ ...SHARED, operationId: 'removeExport', params: schemas.exportParams },
        summary: 'Remove an export: it is written no more, and its files stay',
        response: { 200: schemas.removedExport, ...FAULTS },
      },
    },
    async (request) => {
      await exports.remove(manage(request), request.params.name);
      return { removed: request.params.name };
    },
  );

  app.post(
    `${PATH}/:name/run`,
    {
      schema: {
        ...{ ...WRITES, operationId: 'runExport', params: schemas.exportParams },
        summary: 'Have an export written now',
        response: { 202: schemas.startedExport, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { workspace } = mayWrite(request);
      reply.code(202);
      return { job: await exports.run(workspace, request.params.name) };
    },
  );
}
