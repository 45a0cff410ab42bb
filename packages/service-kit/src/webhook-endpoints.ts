import {
  type ChangeFilter,
  type KenalConfig,
  type LogPosition,
  type Micros,
  type Setting,
  type SettingKind,
  webhookDocumentSchema,
  webhookSwitchSchema,
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
  /** May be on this machine's loopback, and http there. */
  readonly allowsLoopback: boolean;
  /** Secrets that sign then, the present one first. */
  secrets(now: Micros): readonly string[];
  /** Until when an older secret signs beside the present one; null where none does then. */
  rotatingUntil(now: Micros): Micros | null;
}

export interface EndpointSources {
  readonly config: KenalConfig;
  readonly settings: { of(workspace: string, kind: SettingKind): readonly Setting[] };
  readonly logger: Logger;
}

const NOT_SWITCHED = { disabledReason: null, enabledAt: null };
const UNREADABLE = 'this version of Kenal cannot read it: remove it and make it anew, or run the version that made it';

/** Endpoints of a workspace: those of kenal.yaml first, then those that were made while Kenal runs. */
export function webhookEndpoints({ config, settings, logger }: EndpointSources, workspace: string): WebhookEndpoint[] {
  const own = config.workspaces.find(({ id }) => id === workspace);
  if (own === undefined) return [];
  const { webhooks, signingKey, dangerouslyAllowLoopbackWebhooks: allowsLoopback } = own;
  const made = settings.of(workspace, 'webhook');
  const configured = webhooks.map(({ secrets, ...endpoint }): WebhookEndpoint => {
    const document: unknown = JSON.parse(made.find(({ name }) => name === endpoint.name)?.document ?? 'null');
    const { disabledReason, enabledAt } = webhookSwitchSchema.catch(NOT_SWITCHED).parse(document);
    return {
      ...endpoint,
      ...{ workspace, id: `yaml-${endpoint.name}`, from: 'kenal.yaml', allowsLoopback },
      enabled: endpoint.enabled && disabledReason === null,
      ...{ disabledReason, enabledAt, startAt: [], rotatingUntil: () => null, secrets: () => secrets },
    };
  });
  const names = new Set(configured.map(({ name }) => name));
  const others = made.filter(({ name }) => !names.has(name));
  return [...configured, ...others.map((setting) => endpointOf(setting, { signingKey, allowsLoopback, logger }))];
}

interface Around {
  readonly signingKey: string | undefined;
  readonly allowsLoopback: boolean;
  readonly logger: Logger;
}

function endpointOf(setting: Setting, around: Around): WebhookEndpoint {
  const { workspace, name, document } = setting;
  const read = webhookDocumentSchema.safeParse(JSON.parse(document ?? 'null'));
  if (!read.success) {
    around.logger.error({ workspace, webhook: name }, 'a webhook endpoint cannot be read and gets nothing');
    return unreadable(setting, around.allowsLoopback);
  }
  const { generations, ...endpoint } = read.data;
  const { signingKey: key, allowsLoopback } = around;
  const keyIsMissing = key === undefined ? 'workspaces.signingKey is not set: nothing can be signed' : null;
  return {
    ...endpoint,
    ...{ workspace, name, from: 'api', allowsLoopback },
    enabled: endpoint.enabled && keyIsMissing === null,
    disabledReason: endpoint.disabledReason ?? keyIsMissing,
    rotatingUntil: (now) =>
      Math.max(...generations.map(({ until }) => until ?? 0).filter((until) => until > now), 0) || null,
    secrets: (now) =>
      generations
        .filter(({ until }) => until === null || until > now)
        .map(({ salt }) => webhookSecret({ key: key ?? '', workspace, endpoint: endpoint.id, salt })),
  };
}

/** It stands in lists, and can be removed; nothing else is known of it. */
function unreadable({ id, workspace, name }: Setting, allowsLoopback: boolean): WebhookEndpoint {
  return {
    ...{ workspace, id, name, from: 'api', url: '', description: '', filter: {}, actions: false, allowsLoopback },
    ...{ enabled: false, disabledReason: UNREADABLE, enabledAt: null, startAt: [] },
    ...{ rotatingUntil: () => null, secrets: () => [] },
  };
}
