import swagger, { type SwaggerTransform } from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the API description says beside the schemas that the route is checked by: zod schemas, or JSON Schema where
     * those cannot say it (bodies in other media types, bytes).
     */
    openapi?: FastifySchema;
  }
}

const INFO = {
  title: 'Kenal',
  description:
    'A customer data platform: events in, profiles, timelines and SQL out. Errors are RFC 9457 problem details with ' +
    '`code` and `message`. A write key opens one source, a read key one workspace, a steward key decides in it who is who.',
} as const;

const SECURITY_SCHEMES = {
  basic: { type: 'http', scheme: 'basic', description: 'any user name, the read key as password' },
  bearer: { type: 'http', scheme: 'bearer', description: 'the read key' },
  readKey: { type: 'apiKey', in: 'header', name: 'X-Read-Key' },
  stewardBasic: { type: 'http', scheme: 'basic', description: 'any user name, the steward key as password' },
  stewardBearer: { type: 'http', scheme: 'bearer', description: 'the steward key' },
  stewardKey: { type: 'apiKey', in: 'header', name: 'X-Steward-Key' },
  writeBasic: { type: 'http', scheme: 'basic', description: 'the write key as user name, no password' },
  writeKey: { type: 'apiKey', in: 'header', name: 'X-Write-Key' },
  writeKeyQuery: { type: 'apiKey', in: 'query', name: 'writeKey' },
} as const;

/** Ways to send a read key, one of which is needed. */
export const READ_SECURITY = [{ basic: [] }, { bearer: [] }, { readKey: [] }];
/** Ways to send a steward key, one of which is needed. */
export const STEWARD_SECURITY = [{ stewardBasic: [] }, { stewardBearer: [] }, { stewardKey: [] }];
/** Ways to send a write key beside `writeKey` in the body, one of which is needed. */
export const WRITE_SECURITY = [{ writeBasic: [] }, { writeKey: [] }, { writeKeyQuery: [] }];

type Parts = Record<string, unknown>;

// What is zod goes through the transform with the route's own schemas, the rest stands in the description as it is.
const describe: SwaggerTransform = (route) => {
  const more = (route.route.config?.openapi ?? {}) as Parts;
  const [zods, plain] = split(more);
  const [zodAnswers, plainAnswers] = split((more.response ?? {}) as Parts);
  delete plain.response;
  const own = route.schema as Parts | undefined;
  const response = { ...(own?.response as Parts | undefined), ...zodAnswers };
  const given = { ...own, ...zods, ...(Object.keys(response).length === 0 ? {} : { response }) };
  const { schema, url } = jsonSchemaTransform({ ...route, schema: given } as Parameters<typeof jsonSchemaTransform>[0]);
  const answers = { ...((schema as Parts).response as Parts | undefined), ...plainAnswers };
  return { schema: { ...schema, ...plain, ...(Object.keys(answers).length === 0 ? {} : { response: answers }) }, url };
};

function split(parts: Parts): [zods: Parts, plain: Parts] {
  const entries = Object.entries(parts);
  const isZod = ([, value]: [string, unknown]): boolean => value instanceof z.ZodType;
  return [Object.fromEntries(entries.filter(isZod)), Object.fromEntries(entries.filter((entry) => !isZod(entry)))];
}

/**
 * Describe every route that is mounted on this app from now on, at `/openapi.json` (OpenAPI 3.1). Each service calls it before
 * it mounts its routes; where several run on one app, the first call counts.
 */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  if (app.hasDecorator('swagger')) return;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...INFO, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: describe,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
