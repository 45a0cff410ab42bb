import { changeTopicOf, type KenalConfig } from '@kenal/contracts';
import { type ReadKeys, readKeyOf } from '@kenal/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FAULT, sendFault, sendRegistry } from './fault.ts';
import { type Asked, lookedUp, registered, versionOf, versionsOf, withId } from './look-up.ts';
import { createSubjects, type Subjects } from './subjects.ts';

/** Where clients of a schema registry are pointed: `http://host:8080/schema-registry`. */
const PREFIX = '/schema-registry';
const BODY_LIMIT = 256 * 1024;
// schemas.unit.test.ts of event-log: each version reads each other one
const CONFIG = { compatibilityLevel: 'FULL_TRANSITIVE' } as const;
const MODE = { mode: 'READONLY' } as const;
const WRITABLE = /^\/schema-registry\/(?:subjects|config|mode)(?:\/|$)/;

type Answer = (subjects: Subjects, asked: Asked, body: unknown) => unknown;

const GETS: Readonly<Record<string, Answer>> = {
  '/': () => ({}),
  '/subjects/:subject/versions': (subjects, asked) => versionsOf(subjects, asked).map(({ version }) => version),
  '/subjects/:subject/versions/:version': versionOf,
  '/subjects/:subject/versions/:version/schema': (subjects, asked) => JSON.parse(versionOf(subjects, asked).schema),
  '/subjects/:subject/versions/:version/referencedby': (subjects, asked) => versionOf(subjects, asked) && [],
  '/schemas/ids/:id': (subjects, asked) => ({ schema: withId(subjects, asked)[0].schema }),
  '/schemas/ids/:id/schema': (subjects, asked) => JSON.parse(withId(subjects, asked)[0].schema),
  '/schemas/ids/:id/subjects': (subjects, asked) => withId(subjects, asked).map(({ subject }) => subject),
  '/schemas/ids/:id/versions': (subjects, asked) =>
    withId(subjects, asked).map(({ subject, version }) => ({ subject, version })),
  '/schemas/types': () => ['AVRO'],
  '/config': () => CONFIG,
  '/config/:subject': (subjects, asked) => versionsOf(subjects, asked) && CONFIG,
  '/mode': () => MODE,
  '/mode/:subject': (subjects, asked) => versionsOf(subjects, asked) && MODE,
};

const POSTS: Readonly<Record<string, Answer>> = {
  '/subjects/:subject': lookedUp,
  '/subjects/:subject/versions': registered,
};

export interface RegistryDeps {
  readonly config: KenalConfig;
  readonly readKeys: ReadKeys;
}

/**
 * Confluent's Schema Registry REST calls, as far as consumers and producers make them, over the schemas that are committed
 * with the code. No key is needed: schemas are no secret, and hold no data. One of a workspace that has a topic of its own
 * (`changes.topic`) sees its subject in the list.
 */
export async function mountRegistry(app: FastifyInstance, { config, readKeys }: RegistryDeps): Promise<void> {
  const subjects = createSubjects();
  app.setErrorHandler((error, _request, reply) => sendFault(error, reply));

  const mount = (method: 'GET' | 'POST', answers: Readonly<Record<string, Answer>>): void => {
    for (const [path, answer] of Object.entries(answers))
      app.route({
        ...{ method, url: `${PREFIX}${path}`, bodyLimit: BODY_LIMIT },
        schema: { hide: true } as object, // Confluent's API, described by Confluent
        handler: ({ params, body }, reply) => sendRegistry(reply, answer(subjects, params as Asked, body)),
      });
  };
  const ownTopics = new Set(config.workspaces.filter(({ changes }) => changes.topic).map(({ id }) => id));
  const ownOf = (request: FastifyRequest): string[] => {
    const { workspace = '' } = readKeys.readerOf(readKeyOf(request) ?? '') ?? {};
    return ownTopics.has(workspace) ? [`${changeTopicOf(workspace)}-value`] : [];
  };
  app.get(`${PREFIX}/subjects`, { schema: { hide: true } as object }, (request, reply) =>
    sendRegistry(reply, [...subjects.names, ...ownOf(request)].sort()),
  );
  mount('GET', GETS);
  mount('POST', POSTS);
  app.all(`${PREFIX}/*`, { schema: { hide: true } as object, bodyLimit: BODY_LIMIT }, ({ method, url }) => {
    throw method !== 'GET' && method !== 'HEAD' && WRITABLE.test(url) ? FAULT.readOnly() : FAULT.noPath();
  });
}
