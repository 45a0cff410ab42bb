import { type KenalConfig, type WebhookDocument, webhookDocumentSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  faultOfNewWebhookUrl,
  type Logger,
  type Reader,
  type WebhookEndpoint,
  webhookEndpoints,
} from '@kenal/service-kit';
import type { ManagedSettings } from '../settings/managed-settings.ts';

export interface KnownWebhooksDeps {
  readonly config: KenalConfig;
  readonly settings: ManagedSettings;
  readonly logger: Logger;
}

/** Endpoints as kenal.yaml and the settings have them, and the settings behind them. */
export function createKnownWebhooks({ config, settings, logger }: KnownWebhooksDeps) {
  const workspaceOf = (id: string) => config.workspaces.find((workspace) => workspace.id === id);
  const known = (workspace: string) => webhookEndpoints({ config, settings, logger }, workspace);

  /** As far as settings were read. @throws KenalError `not_found` */
  function knownOne(workspace: string, name: string): WebhookEndpoint {
    const endpoints = known(workspace);
    const endpoint = endpoints.find((one) => one.name === name);
    if (endpoint !== undefined) return endpoint;
    const there = endpoints.length === 0 ? 'there is none' : `there are ${endpoints.map((one) => one.name).join(', ')}`;
    throw new KenalError('not_found', `there is no webhook ${name}; ${there}`);
  }

  return {
    async list(workspace: string): Promise<WebhookEndpoint[]> {
      await settings.catchUp();
      return known(workspace);
    },
    /** @throws KenalError `not_found` */
    async find(workspace: string, name: string): Promise<WebhookEndpoint> {
      await settings.catchUp();
      return knownOne(workspace, name);
    },
    /** The setting behind an endpoint. @throws KenalError `in_configuration` for one of kenal.yaml, `forbidden` where it cannot be read */
    documentOf({ workspace, name, from, disabledReason }: WebhookEndpoint): WebhookDocument {
      mustBeMadeHere({ name, from });
      const setting = settings.of(workspace, 'webhook').find((one) => one.name === name);
      const read = webhookDocumentSchema.safeParse(JSON.parse(setting?.document ?? 'null'));
      if (read.success) return read.data;
      throw new KenalError('forbidden', `the webhook ${name} cannot be changed: ${disabledReason}`);
    },
    /** @throws KenalError `name_taken` */
    mustBeFree(workspace: string, name: string): void {
      if (known(workspace).some((one) => one.name === name))
        throw new KenalError('name_taken', `there is a webhook ${name}; remove it first, or choose another name`);
    },
    /** @param decide what becomes of the endpoint; null: it is no more @throws KenalError `not_found` */
    change(by: Reader, name: string, decide: (endpoint: WebhookEndpoint) => object | null): Promise<void> {
      return settings.change(by, 'webhook', name, () => decide(knownOne(by.workspace, name)));
    },
    /** What secrets are derived of. @throws KenalError `no_signing_key` */
    keyOf(workspace: string): string {
      const key = workspaceOf(workspace)?.signingKey;
      if (key !== undefined) return key;
      throw new KenalError(
        'no_signing_key',
        'set workspaces.signingKey of kenal.yaml to env:NAME, and that variable to what `openssl rand -hex 32` prints',
      );
    },
    /** @throws KenalError `bad_body` for an address that nothing is sent to */
    mustBeOpen(workspace: string, url: string): void {
      const fault = faultOfNewWebhookUrl(url, workspaceOf(workspace)?.dangerouslyAllowLoopbackWebhooks === true);
      if (fault !== null) throw new KenalError('bad_body', `the address ${fault}`, { path: '$.url' });
    },
  };
}

/** @throws KenalError `in_configuration` for an endpoint of kenal.yaml */
export function mustBeMadeHere({ name, from }: Pick<WebhookEndpoint, 'name' | 'from'>): void {
  if (from === 'kenal.yaml')
    throw new KenalError('in_configuration', `the webhook ${name} stands in kenal.yaml: change it there`);
}
