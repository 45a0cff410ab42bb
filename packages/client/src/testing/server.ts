import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createKenal, type KenalApiError, type KenalOptions } from '../index.ts';

/** How a request is answered; `body` is its JSON. */
export type Answer = (
  reply: ServerResponse,
  body: { batch: { messageId: string }[] },
  request: IncomingMessage,
) => void;

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Somebody who gives these answers, one a request, the last one again and again. */
export async function startServer(...answers: Answer[]) {
  const seen: IncomingMessage[] = [];
  const server = createServer(async (request, reply) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push(request);
    answer(reply, JSON.parse(text === '' ? '{"batch":[]}' : text), request);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lost: [code: string, messageId: unknown][] = [];
  const open = (options: Partial<KenalOptions> = {}) =>
    createKenal({
      ...{ url, writeKey: 'w', readKey: 'r', flushInterval: 5 },
      onError: ({ code }, { messageId }) => void lost.push([code, messageId]),
      ...options,
    });
  return { seen, lost, open };
}

export const json = (status: number, body: object, headers = {}): Answer => {
  return (reply) => void reply.writeHead(status, headers).end(JSON.stringify(body));
};
export const accepted = json(200, { success: true, accepted: 1, rejected: [] }, { 'x-kenal-position': '0-7' });
export const later = json(503, { code: 'unavailable', message: 'not now' }, { 'retry-after': '0' });
export const problem = (status: number, code: string): Answer => json(status, { code, message: `it is ${code}` });
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: KenalApiError) => error.code,
  );
