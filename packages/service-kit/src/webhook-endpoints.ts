import {
  type ChangeFilter,
  type KenalConfig,
  type LogPosition,
  type Micros,
  type Setting,
  type SettingKind,
  webhookDocumentSchema,
  webhookStopSchema,
} from '@kenal/contracts';
import type { Logger } from './logger.ts';
import { webhookSecret } from './webhook-secret.ts';

/** Where changes are delivered to, wherever it was declared. */
export interface WebhookEndpoint {
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  readonly from: 'kenal.yaml' | 'api';
  readonly url: string;
  readonly description: string;
  readonly filter: ChangeFilter;
  readonly actions: boolean;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly enabledAt: Micros | null;
  readonly startAt: readonly LogPosition[];
  /** Until when an older secret signs beside the present one; null where none does. */
  readonly rotatingUntil: Micros | null;
  /** May be on this machine's loopback, and http there. */
  readonly allowsLoopback: boolean;
  /** Secrets that sign then, the present one first. */
  secrets(now: Micros): readonly string[];
}

export interface EndpointSources {
  readonly config: KenalConfig;
  readonly settings: { of(workspace: string, kind: SettingKind): readonly Setting[] };
  readonly logger: Logger;
}

/** Endpoints of a workspace: those of kenal.yaml first, then those that were made while Kenal runs. */
export function webhookEndpoints({ config, settings, logger }: EndpointSources, workspace: string): WebhookEndpoint[] {
  const own = config.workspaces.find(({ id }) => id === workspace);
  if (own === undefined) return [];
  const { webhooks, signingKey, dangerouslyAllowLoopbackWebhooks: allowsLoopback } = own;
  const made = settings.of(workspace, 'webhook');
  const configured = webhooks.map(({ secrets, ...endpoint }): WebhookEndpoint => {
    const document: unknown = JSON.parse(made.find(({ name }) => name === endpoint.name)?.document ?? 'null');
    const stopped = webhookStopSchema.safeParse(document);
    return {
      ...endpoint,
      ...{ workspace, id: `yaml-${endpoint.name}`, from: 'kenal.yaml', allowsLoopback },
      enabled: endpoint.enabled && !stopped.success,
      disabledReason: stopped.success ? stopped.data.disabledReason : null,
      ...{ enabledAt: null, startAt: [], rotatingUntil: null, secrets: () => secrets },
    };
  });
  const names = new Set(configured.map(({ name }) => name));
  const others = made.filter(({ name }) => !names.has(name));
  return [...configured, ...others.flatMap((setting) => endpointOf(setting, { signingKey, allowsLoopback, logger }))];
}

interface Around {
  readonly signingKey: string | undefined;
  readonly allowsLoopback: boolean;
  readonly logger: Logger;
}

function endpointOf({ workspace, name, document }: Setting, around: Around): WebhookEndpoint[] {
  const read = webhookDocumentSchema.safeParse(JSON.parse(document ?? 'null'));
  if (!read.success) {
    around.logger.error({ workspace, webhook: name }, 'a webhook endpoint cannot be read and gets nothing');
    return [];
  }
  const { generations, ...endpoint } = read.data;
  const { signingKey: key, allowsLoopback } = around;
  const old = generations.map(({ until }) => until ?? 0);
  const keyIsMissing = key === undefined ? 'workspaces.signingKey is not set: nothing can be signed' : null;
  return [
    {
      ...endpoint,
      ...{ workspace, name, from: 'api', allowsLoopback },
      enabled: endpoint.enabled && keyIsMissing === null,
      disabledReason: endpoint.disabledReason ?? keyIsMissing,
      rotatingUntil: Math.max(...old) || null,
      secrets: (now) =>
        generations
          .filter(({ until }) => until === null || until > now)
          .map(({ salt }) => webhookSecret({ key: key ?? '', workspace, endpoint: endpoint.id, salt })),
    },
  ];
}
