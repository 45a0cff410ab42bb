import { CHANNELS, type KenalConfig, SOURCE_KINDS, type SourceKind } from '@kenal/contracts';
import { authenticate, READ_SECURITY, type ReadKeys } from '@kenal/service-kit';
import { z } from 'zod';
import type { TypedApp } from '../http/typed-app.ts';
import { FAULTS } from '../profiles/route-schemas.ts';

const KINDS = Object.keys(SOURCE_KINDS) as [SourceKind, ...SourceKind[]];

const sourceView = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(KINDS),
  channel: z.enum(CHANNELS),
  enabled: z.boolean(),
  collector: z.string().describe('service that serves it'),
  path: z.string().describe('where its vendor delivers, and where what failed is sent again'),
});

/** `GET /v1/sources`: where a workspace's interactions come from, as kenal.yaml says. */
export function mountSources(app: TypedApp, config: KenalConfig, readKeys: ReadKeys): void {
  const views = new Map(
    config.workspaces.map(({ id: workspace, sources }) => [
      workspace,
      sources.map(({ id, name = id, kind, channel, enabled }) => ({
        ...{ id, name, kind, channel, enabled, collector: SOURCE_KINDS[kind].collector },
        path: `/v1/hooks/${kind}/${workspace}/${id}`,
      })),
    ]),
  );
  app.get(
    '/v1/sources',
    {
      schema: {
        ...{ tags: ['sources'], operationId: 'listSources', security: READ_SECURITY },
        summary: 'Sources of the workspace',
        response: { 200: z.object({ workspace: z.string(), sources: z.array(sourceView) }), ...FAULTS },
      },
    },
    async (request) => {
      const workspace = authenticate(readKeys, request);
      return { workspace, sources: views.get(workspace) ?? [] };
    },
  );
}
