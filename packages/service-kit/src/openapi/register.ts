import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sayAnswers } from './answers.ts';
import { SECURITY_SCHEMES, sayWhatOpens } from './security.ts';
import { TAGS } from './tags.ts';
import { withoutNotes } from './without-notes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the API description says beside the schemas that the route is checked by: zod schemas, or JSON Schema where
     * those cannot say it (bodies in other media types, bytes).
     */
    openapi?: FastifySchema;
    /** Headers of the answer 200, by name. */
    answerHeaders?: Readonly<Record<string, { readonly type: string; readonly description: string }>>;
  }
}

const INFO = {
  title: 'Kenal',
  description:
    'A customer data platform: events in, profiles, timelines and SQL out. Errors are RFC 9457 problem details with ' +
    '`code` and `message`. A write key opens one source. All other keys open one workspace, and there what their verbs say: ' +
    'each operation names the verb that it takes.',
} as const;

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
  const answers: Parts = { ...((schema as Parts).response as Parts | undefined), ...plainAnswers };
  const headers = route.route.config?.answerHeaders;
  if (headers !== undefined) answers[200] = { ...(answers[200] as object), headers };
  const whole = { ...schema, ...plain, ...(Object.keys(answers).length === 0 ? {} : { response: answers }) } as Parts;
  const said = [whole.description, sayWhatOpens(whole.security)].filter(Boolean).join(' ');
  return { schema: { ...whole, ...(said === '' ? {} : { description: said }) }, url };
};

interface Operation {
  readonly tags?: readonly string[];
  readonly responses?: Readonly<Record<string, { readonly description: string }>>;
}

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

/** Tags that occur, and schemas that somebody refers to: of a schema that no body takes its form as input is nothing to anybody. */
const complete: SwaggerTransformObject = (given) => {
  const document = withoutNotes(jsonSchemaTransformObject(given)) as Description;
  const operations = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods));
  const used = new Set(operations.flatMap(({ tags = [] }) => tags));
  const tags = Object.entries(TAGS).filter(([name]) => used.has(name));
  const schemas = Object.entries(document.components?.schemas ?? {});
  const taken = reached(document.paths, document.components?.schemas ?? {});
  const named = schemas.filter(([name]) => !name.endsWith('Input') || taken.has(name));
  return {
    ...document,
    paths: sayAnswers(document.paths ?? {}),
    tags: tags.map(([name, description]) => ({ name, description })),
    components: { ...document.components, schemas: Object.fromEntries(named) },
  } as ReturnType<SwaggerTransformObject>;
};

const REFERENCE = /#\/components\/schemas\/(\w+)"/g;

/** Names of schemas that a part of the description leads to. */
function reached(part: unknown, schemas: Readonly<Record<string, unknown>>, names = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(REFERENCE)) {
    if (names.has(name)) continue;
    names.add(name);
    reached(schemas[name], schemas, names);
  }
  return names;
}

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
      servers: [{ url: '/', description: 'where this description comes from' }],
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: describe,
    transformObject: complete,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
