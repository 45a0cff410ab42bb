import type { Subscription } from '@kenal/contracts';
import type { Logger, WebhookEndpoint } from '@kenal/service-kit';
import { topicsOf } from './wanted.ts';

interface Reader {
  /** What it was begun for: for something else it begins anew. */
  readonly key: string;
  readonly reading: Promise<Subscription>;
}

/** One reader of the feed for each endpoint that is on, and for no other. */
export interface Readers {
  follow(endpoints: readonly WebhookEndpoint[]): Promise<void>;
  stop(): Promise<void>;
}

export function createReaders(begin: (endpoint: WebhookEndpoint) => Promise<Subscription>, logger: Logger): Readers {
  const readers = new Map<string, Reader>();

  async function end(id: string): Promise<void> {
    const reader = readers.get(id);
    readers.delete(id);
    const subscription = await reader?.reading.catch(() => null);
    await subscription?.stop();
  }

  return {
    async follow(endpoints) {
      const wanted = new Map(endpoints.filter(({ enabled }) => enabled).map((one) => [one.id, one]));
      const others = [...readers].filter(([id, { key }]) => {
        const endpoint = wanted.get(id);
        return endpoint === undefined || keyOf(endpoint) !== key;
      });
      await Promise.all(others.map(([id]) => end(id)));
      for (const [id, endpoint] of wanted) {
        if (readers.has(id)) continue;
        const reading = begin(endpoint);
        readers.set(id, { key: keyOf(endpoint), reading });
        reading.catch((err: unknown) => {
          logger.warn({ err, webhook: endpoint.name }, 'an endpoint waits for the feed');
          if (readers.get(id)?.reading === reading) readers.delete(id);
        });
      }
    },
    async stop() {
      await Promise.all([...readers.keys()].map(end));
    },
  };
}

function keyOf(endpoint: WebhookEndpoint): string {
  // Switched off and on within a second, it has left something out all the same
  return [...topicsOf(endpoint), endpoint.enabledAt].join(' ');
}
