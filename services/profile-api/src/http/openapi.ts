import swagger, { type SwaggerTransform } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const INFO = {
  title: 'Kenal',
  description:
    'Profiles, timelines and SQL of a customer data platform. Errors are RFC 9457 problem details with `code` and ' +
    '`message`. Read keys open one workspace each.',
} as const;

const SECURITY_SCHEMES = {
  basic: { type: 'http', scheme: 'basic', description: 'any user name, the read key as password' },
  bearer: { type: 'http', scheme: 'bearer', description: 'the read key' },
  readKey: { type: 'apiKey', in: 'header', name: 'X-Read-Key' },
} as const;

// A route says in `config.openapi` what its schemas cannot: bodies in other media types, headers of answers.
const describe: SwaggerTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0]);
  const more = route.route.config?.openapi;
  return { schema: more === undefined ? schema : { ...schema, ...more }, url };
};

/**
 * Describe every route that is mounted on this app from now on, at `/openapi.json`. Whoever runs several services on one app
 * calls it before the first of them mounts; asked again it does nothing.
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
