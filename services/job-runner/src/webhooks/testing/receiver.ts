import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it came in. */
export interface Received {
  /** `/crm`: which of the receiver's endpoints. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: { readonly id: string; readonly type: string; readonly profileId: string; readonly version: number };
  readonly at: number;
}

/** What it answers: a status, or something of its own; nothing where it hangs. */
export type Answer = (received: Received, reply: ServerResponse) => number | undefined;

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Received[];
  /** For a path, from now on; default 204. */
  answer(path: string, how: Answer): void;
  /** Resolves once `count` deliveries came to a path. */
  reached(path: string, count: number): Promise<readonly Received[]>;
  of(path: string): readonly Received[];
}

export async function startReceiver(): Promise<Receiver> {
  const seen: Received[] = [];
  const answers = new Map<string, Answer>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, reply) => {
    const parts = await request.toArray();
    const body = Buffer.concat(parts).toString();
    const path = request.url ?? '';
    const received = { path, headers: request.headers, body, event: JSON.parse(body), at: performance.now() };
    seen.push(received);
    const status = (answers.get(path) ?? (() => 204))(received, reply);
    if (status !== undefined) reply.writeHead(status).end(status === 204 ? '' : `no ${path}`);
    for (const look of waiting) look();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const of = (path: string) => seen.filter((one) => one.path === path);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ seen, of },
    answer: (path, how) => void answers.set(path, how),
    reached: (path, count) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = of(path);
          if (found.length < count) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
