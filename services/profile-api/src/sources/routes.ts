import { CHANNELS, DOORS, doorOf, type KenalConfig, SOURCE_KINDS, type SourceKind } from '@kenal/contracts';
import { authenticate, opensBy, type ReadKeys } from '@kenal/service-kit';
import { z } from 'zod';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';

const KINDS = Object.keys(SOURCE_KINDS) as [SourceKind, ...SourceKind[]];

const sourceView = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(KINDS),
  channel: z.enum(CHANNELS),
  enabled: z.boolean(),
  collector: z.string().describe('service that serves it'),
  door: z
    .enum(DOORS)
    .describe(
      'how it comes in; hook: calls of its vendor at path; tracking: the tracking API; import: `kenal import`; smtp: mail; stream: a websocket',
    ),
  path: z.string().describe('where what failed is sent again; of a hook also where its vendor delivers'),
  publicUrl: z.string().nullable().describe('how its collector is reached from outside; null where nothing says it'),
});

/**
 * `GET /v1/sources`: where a workspace's interactions come from, as kenal.yaml says.
 * @param publicUrl of sources that say none of their own (`KENAL_PUBLIC_URL`)
 */
export function mountSources(
  app: TypedApp,
  config: KenalConfig,
  readKeys: ReadKeys,
  publicUrl: string | undefined,
): void {
  const views = new Map(
    config.workspaces.map(({ id: workspace, sources }) => [
      workspace,
      sources.map(({ id, name = id, kind, channel, enabled, publicUrl: own }) => ({
        ...{ id, name, kind, channel, enabled, collector: SOURCE_KINDS[kind].collector, door: doorOf(kind) },
        ...{ path: `/v1/hooks/${kind}/${workspace}/${id}`, publicUrl: own ?? publicUrl ?? null },
      })),
    ]),
  );
  app.get(
    '/v1/sources',
    {
      schema: {
        ...{ tags: ['sources'], operationId: 'listSources', security: opensBy('events') },
        summary: 'Sources of the workspace',
        response: { 200: z.object({ workspace: z.string(), sources: z.array(sourceView) }), ...FAULTS },
      },
    },
    async (request) => {
      const workspace = authenticate(readKeys, request, 'events').workspace;
      return { workspace, sources: views.get(workspace) ?? [] };
    },
  );
}
