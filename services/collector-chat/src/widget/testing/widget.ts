import { once } from 'node:events';
import { hashKey } from '@kenal/service-kit';
import { WebSocket } from 'ws';
import type { Loose } from '../../../../../test/support/loose.ts';
import {
  startVendorCollector,
  type TestVendorCollector,
  type VendorCollectorOptions,
} from '../../../../../test/support/vendor-collector.ts';
import { type CollectorChatDeps, createCollectorChat } from '../../app.ts';

export const PUBLIC_KEY = 'public-key-0123456789';
export const SECRET_KEY = 'secret-key-0123456789';
export const SLOW_KEY = 'slow-key-0123456789';
export const OFF_KEY = 'off-key-0123456789';

/** A collector with a source `chat` of the widget, a slow one, one that is off, and Slack beside them. */
export function startWidget(
  options: Partial<VendorCollectorOptions> = {},
  deps: Partial<CollectorChatDeps> = {},
): Promise<TestVendorCollector> {
  const keyed = (id: string, key: string, more = {}) => ({
    id,
    kind: 'widget' as const,
    keys: [{ key: hashKey(key) }],
    ...more,
  });
  const sources = [
    {
      ...{ id: 'chat', kind: 'widget' as const },
      keys: [
        { key: hashKey(PUBLIC_KEY), scope: 'public' as const },
        { key: hashKey(SECRET_KEY), scope: 'secret' as const },
      ],
    },
    keyed('slow', SLOW_KEY, { eventsPerSecond: 1 }),
    keyed('off', OFF_KEY, { enabled: false }),
    { id: 'talks', kind: 'slack' as const, secrets: ['env:SECRET'] },
  ];
  const create = (given: CollectorChatDeps) => createCollectorChat({ ...given, ...deps });
  return startVendorCollector(create, { sources, environment: { SECRET: 'the secret of today' }, ...options });
}

export type Told = Loose;

/** A client of the stream. */
export interface Client extends AsyncDisposable {
  readonly socket: WebSocket;
  send(frame: unknown): void;
  /** The next messages, in their order. */
  next(count: number): Promise<Told[]>;
  /** Code and reason of the end. */
  readonly closed: Promise<[number, string]>;
}

/** @param key of the source; null: none */
export async function connect(collector: TestVendorCollector, key: string | null, options = {}): Promise<Client> {
  const query = key === null ? '' : `?writeKey=${key}`;
  const socket = new WebSocket(`${collector.url.replace('http', 'ws')}/v1/stream${query}`, options);
  const told: Told[] = [];
  let onTold = (): void => undefined;
  socket.on('message', (data) => {
    told.push(JSON.parse(String(data)));
    onTold();
  });
  const closed = new Promise<[number, string]>((resolve) =>
    socket.once('close', (code, reason) => resolve([code, String(reason)])),
  );
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (frame) => socket.send(Buffer.isBuffer(frame) || typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async next(count) {
      while (told.length < count)
        await new Promise<void>((resolve) => {
          onTold = resolve;
        });
      return told.splice(0, count);
    },
    async [Symbol.asyncDispose]() {
      if (socket.readyState !== socket.CLOSED) socket.terminate();
      await closed;
    },
  };
}

/** An agent answers. */
export function reply(
  collector: TestVendorCollector,
  body: unknown,
  key = SECRET_KEY,
  source = 'chat',
): Promise<Response> {
  const headers = { 'x-write-key': key, 'content-type': 'application/json' };
  return fetch(`${collector.url}/v1/widget/shop/${source}/reply`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
}

/** A message of the widget. */
export const said = (messageId: string, more: Record<string, unknown> = {}) => ({
  ...{ type: 'message', messageId, conversationId: 'conv-1', anonymousId: 'anon-1', text: `text of ${messageId}` },
  ...{ timestamp: '2026-11-30T11:59:00.000Z', page: { url: 'https://shop.example/', title: 'Shop' } },
  ...more,
});
