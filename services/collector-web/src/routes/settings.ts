import { findKey, type Keyring, openKey } from '@kenal/collector-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RUDDERSTACK_SETTINGS, SEGMENT_SETTINGS } from '../openapi/describe.ts';
import { answerPreflight, HIDDEN } from '../steps/cors.ts';

/** What clients ask before they send. */
export interface SettingsDeps {
  readonly keyring: Keyring;
  /** As clients reach us, e.g. `https://events.example.com`; default: as this client did. */
  readonly publicUrl: string | undefined;
  /** When this configuration came into force, ISO 8601. */
  readonly updatedAt: string;
}

const SAFE_HOST = /^[A-Za-z0-9.\-:[\]]{1,255}$/;

export function mountSettings(app: FastifyInstance, { keyring, publicUrl, updatedAt }: SettingsDeps): void {
  // Segment's browser client, from `cdnURL`
  app.get<{ Params: { writeKey: string } }>(
    '/v1/projects/:writeKey/settings',
    { config: { openapi: SEGMENT_SETTINGS } },
    (request, reply) => {
      const { writeKey } = request.params;
      openKey(keyring, { key: writeKey, place: 'path' });
      const { protocol, host } = addressOf(request, publicUrl);
      reply.header('cache-control', 'private, max-age=300');
      return { integrations: { 'Segment.io': { apiKey: writeKey, apiHost: `${host}/v1`, protocol } }, plan: {} };
    },
  );
  app.options('/v1/projects/:writeKey/settings', HIDDEN, answerPreflight);

  // RudderStack's browser client, with Basic
  app.get('/sourceConfig', { config: { openapi: RUDDERSTACK_SETTINGS } }, (request, reply) => {
    const sent = findKey({ headers: request.headers, query: request.query, body: null });
    const { source } = openKey(keyring, sent);
    reply.header('cache-control', 'private, max-age=300');
    return {
      source: {
        id: source.id,
        name: source.name,
        writeKey: sent?.key,
        enabled: source.enabled,
        workspaceId: source.workspace,
        config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
        destinations: [],
        connections: [],
      },
      updatedAt,
    };
  });
  app.options('/sourceConfig', HIDDEN, answerPreflight);
}

function addressOf(request: FastifyRequest, publicUrl: string | undefined): { protocol: string; host: string } {
  if (publicUrl !== undefined) {
    const { protocol, host } = new URL(publicUrl);
    return { protocol: protocol.slice(0, -1), host };
  }
  const host = SAFE_HOST.test(request.host) ? request.host : 'localhost';
  const forwarded = request.headers['x-forwarded-proto'];
  return { protocol: forwarded === 'https' ? 'https' : request.protocol, host };
}
