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
import { type Reader, type WebhookEndpoint, webhookSecret } from '@kenal/service-kit';
import { createKnownWebhooks, type KnownWebhooksDeps, mustBeMadeHere } from './known-webhooks.ts';

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

/** Secrets that sign at once, the present one among them: a header with more of them is one that receivers refuse. */
const MOST_SECRETS = 5;

/** Endpoints of a workspace, and what may be done with them. */
export function createManagedWebhooks({ log, config, settings, clock, logger }: ManagedWebhooksDeps) {
  const known = createKnownWebhooks({ config, settings, logger });
  const { list, find, documentOf, keyOf, mustBeFree, mustBeOpen } = known;

  async function feedEnds(): Promise<LogPosition[]> {
    const ranges = await Promise.all([TOPICS.changes.name, TOPICS.actions.name].map((topic) => log.ranges(topic)));
    return ranges.flat().map(({ topic, partition, latest }) => ({ topic, partition, offset: latest }));
  }

  /** What became of it, and its secret of a salt. */
  async function withSecret({ workspace }: Reader, name: string, salt: string): Promise<WithSecret> {
    const endpoint = await find(workspace, name);
    return { endpoint, secret: webhookSecret({ key: keyOf(workspace), workspace, endpoint: endpoint.id, salt }) };
  }

  return {
    list,
    find,
    async create(by: Reader, { name, ...wanted }: NewWebhook): Promise<WithSecret> {
      keyOf(by.workspace);
      mustBeOpen(by.workspace, wanted.url);
      const [id, salt, startAt] = [randomUUID(), newSalt(), await feedEnds()];
      const switches = { enabled: true, disabledReason: null, enabledAt: null };
      const document: WebhookDocument = { ...wanted, ...switches, id, startAt, generations: [{ salt, until: null }] };
      await settings.change(by, 'webhook', name, () => {
        mustBeFree(by.workspace, name);
        return document;
      });
      return withSecret(by, name, salt);
    },
    async change(by: Reader, name: string, change: WebhookChange): Promise<WebhookEndpoint> {
      const { enabled, ...rest } = change;
      const isSwitchOnly = Object.keys(rest).every((key) => rest[key as keyof typeof rest] === undefined);
      await known.change(by, name, (endpoint) => {
        if (endpoint.from === 'kenal.yaml' && enabled === true && isSwitchOnly) {
          // It was stopped, and kenal.yaml holds again
          return { enabledAt: endpoint.disabledReason === null ? endpoint.enabledAt : clock() };
        }
        const before = documentOf(endpoint);
        const after = { ...before, ...withoutMissing(rest), ...switched(before, enabled, clock()) };
        if (rest.url !== undefined || enabled === true) mustBeOpen(by.workspace, after.url);
        return after;
      });
      return find(by.workspace, name);
    },
    /** Kenal itself stops it. */
    async stop(by: Reader, name: string, disabledReason: string): Promise<WebhookEndpoint> {
      await known.change(by, name, (endpoint) =>
        endpoint.from === 'api' ? { ...documentOf(endpoint), enabled: false, disabledReason } : { disabledReason },
      );
      return find(by.workspace, name);
    },
    /** The oldest secrets end where more than {@link MOST_SECRETS} would sign. */
    async rotate(by: Reader, name: string, overlap: Micros): Promise<WithSecret> {
      const salt = newSalt();
      await known.change(by, name, (endpoint) => {
        const document = documentOf(endpoint);
        keyOf(by.workspace);
        const now = clock();
        const older = document.generations
          .map(({ salt: old, until }) => ({ salt: old, until: until ?? now + overlap }))
          .filter(({ until }) => until > now);
        return { ...document, generations: [{ salt, until: null }, ...older].slice(0, MOST_SECRETS) };
      });
      return withSecret(by, name, salt);
    },
    async remove(by: Reader, name: string): Promise<void> {
      await known.change(by, name, (endpoint) => {
        mustBeMadeHere(endpoint);
        return null;
      });
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
