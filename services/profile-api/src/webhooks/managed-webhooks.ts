import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  type LogPosition,
  type Micros,
  TOPICS,
  type WebhookConfig,
  type WebhookDocument,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type Reader, type WebhookEndpoint, webhookSecret } from '@kenal/service-kit';
import { createKnownWebhooks, type KnownWebhooksDeps } from './known-webhooks.ts';

export interface ManagedWebhooksDeps extends KnownWebhooksDeps {
  readonly log: Pick<EventLog, 'ranges'>;
  readonly clock: Clock;
}

export interface WithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

type NewWebhook = Omit<WebhookConfig, 'secrets' | 'enabled'>;
type WebhookChange = {
  readonly [K in 'url' | 'description' | 'filter' | 'actions' | 'enabled']?: WebhookConfig[K] | undefined;
};

/** Endpoints of a workspace, and what may be done with them. */
export function createManagedWebhooks({ log, config, settings, clock, logger }: ManagedWebhooksDeps) {
  const { list, find, documentOf, keyOf, mustBeOpen, put } = createKnownWebhooks({ config, settings, logger });

  async function feedEnds(): Promise<LogPosition[]> {
    const ranges = await Promise.all([TOPICS.changes.name, TOPICS.actions.name].map((topic) => log.ranges(topic)));
    return ranges.flat().map(({ topic, partition, latest }) => ({ topic, partition, offset: latest }));
  }

  return {
    list,
    find,
    async create(by: Reader, { name, ...wanted }: NewWebhook): Promise<WithSecret> {
      const { workspace } = by;
      const key = keyOf(workspace);
      mustBeOpen(workspace, wanted.url);
      if ((await list(workspace)).some((one) => one.name === name))
        throw new KenalError('name_taken', `there is a webhook ${name}; remove it first, or choose another name`);
      const [id, salt] = [randomUUID(), newSalt()];
      const document = {
        ...wanted,
        id,
        enabled: true,
        disabledReason: null,
        enabledAt: null,
        startAt: await feedEnds(),
      };
      const endpoint = await put(by, name, { ...document, generations: [{ salt, until: null }] });
      return { endpoint, secret: webhookSecret({ key, workspace, endpoint: id, salt }) };
    },
    async change(by: Reader, name: string, change: WebhookChange): Promise<WebhookEndpoint> {
      const endpoint = await find(by.workspace, name);
      const { enabled, ...rest } = change;
      const isSwitchOnly = Object.keys(rest).every((key) => rest[key as keyof typeof rest] === undefined);
      if (endpoint.from === 'kenal.yaml' && enabled === true && isSwitchOnly) {
        // It was stopped, and kenal.yaml holds again
        await settings.put(by, 'webhook', name, null);
        return find(by.workspace, name);
      }
      const before = documentOf(endpoint);
      const after = { ...before, ...withoutMissing(rest), ...switched(before, enabled, clock()) };
      if (rest.url !== undefined || enabled === true) mustBeOpen(by.workspace, after.url);
      return put(by, name, after);
    },
    /** Kenal itself stops it. */
    async stop(by: Reader, name: string, disabledReason: string): Promise<WebhookEndpoint> {
      const endpoint = await find(by.workspace, name);
      if (endpoint.from === 'api') return put(by, name, { ...documentOf(endpoint), enabled: false, disabledReason });
      await settings.put(by, 'webhook', name, { disabledReason });
      return find(by.workspace, name);
    },
    async rotate(by: Reader, name: string, overlap: Micros): Promise<WithSecret> {
      const { workspace } = by;
      const endpoint = await find(workspace, name);
      const document = documentOf(endpoint);
      const key = keyOf(workspace);
      const now = clock();
      const salt = newSalt();
      const older = document.generations
        .map(({ salt: old, until }) => ({ salt: old, until: until ?? now + overlap }))
        .filter(({ until }) => until > now);
      const rotated = await put(by, name, { ...document, generations: [{ salt, until: null }, ...older] });
      return { endpoint: rotated, secret: webhookSecret({ key, workspace, endpoint: endpoint.id, salt }) };
    },
    async remove(by: Reader, name: string): Promise<void> {
      documentOf(await find(by.workspace, name));
      await settings.put(by, 'webhook', name, null);
    },
  };
}

export type ManagedWebhooks = ReturnType<typeof createManagedWebhooks>;

const newSalt = (): string => randomBytes(16).toString('hex');

function switched(before: WebhookDocument, enabled: boolean | undefined, now: Micros): Partial<WebhookDocument> {
  if (enabled === undefined || enabled === before.enabled) return {};
  return enabled ? { enabled, disabledReason: null, enabledAt: now } : { enabled, disabledReason: null };
}

function withoutMissing<T extends object>(given: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
