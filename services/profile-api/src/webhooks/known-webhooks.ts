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

  async function list(workspace: string): Promise<WebhookEndpoint[]> {
    await settings.catchUp();
    return webhookEndpoints({ config, settings, logger }, workspace);
  }

  /** @throws KenalError `not_found` */
  async function find(workspace: string, name: string): Promise<WebhookEndpoint> {
    const endpoints = await list(workspace);
    const endpoint = endpoints.find((one) => one.name === name);
    if (endpoint !== undefined) return endpoint;
    const there = endpoints.length === 0 ? 'there is none' : `there are ${endpoints.map((one) => one.name).join(', ')}`;
    throw new KenalError('not_found', `there is no webhook ${name}; ${there}`);
  }

  return {
    list,
    find,
    /** The setting behind an endpoint. @throws KenalError `in_configuration` for one of kenal.yaml */
    documentOf({ workspace, name, from }: WebhookEndpoint): WebhookDocument {
      if (from === 'kenal.yaml')
        throw new KenalError('in_configuration', `the webhook ${name} stands in kenal.yaml: change it there`);
      const setting = settings.of(workspace, 'webhook').find((one) => one.name === name);
      return webhookDocumentSchema.parse(JSON.parse(setting?.document ?? 'null'));
    },
    async put(by: Reader, name: string, document: WebhookDocument): Promise<WebhookEndpoint> {
      await settings.put(by, 'webhook', name, JSON.parse(JSON.stringify(document)));
      return find(by.workspace, name);
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
