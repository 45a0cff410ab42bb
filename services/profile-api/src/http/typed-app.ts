import { KenalError } from '@kenal/errors';
import { checkValue, listFaults } from '@kenal/service-kit';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { onlyKnown, withoutKey } from './known-query.ts';

/** How a caller calls the parts of a request. */
const PARTS: Readonly<Record<string, string>> = {
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
};

/** Faults as everywhere else: what was found, and what is legal. */
const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = '' }) =>
  (given) => {
    const [key, asked] = httpPart === 'querystring' ? withoutKey(given) : [{}, given];
    const checked = checkValue(schema, asked);
    if (!checked.ok) return { error: new KenalError('bad_query', listFaults(PARTS[httpPart] ?? 'the body', checked)) };
    return { value: httpPart === 'querystring' ? { ...key, ...(checked.value as object) } : checked.value };
  };

/** An app whose routes are checked and described by zod schemas, and take no packed bodies, without a change for other services on the same host. */
export function typedScope(app: FastifyInstance) {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRoute', onlyKnown);
  // Bodies here are small; unpacked they would not be
  app.addHook('preParsing', async ({ headers }) => {
    const coding = headers['content-encoding'] ?? 'identity';
    if (coding.trim().toLowerCase() !== 'identity')
      throw new KenalError('packed_body', `send the JSON as it is, without content-encoding: ${coding}`);
  });
  return app.withTypeProvider<ZodTypeProvider>();
}

export type TypedApp = ReturnType<typeof typedScope>;
