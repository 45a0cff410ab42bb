import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a client and the collector: passes everything on, until it is told to do harm. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests that bring events, as they came: what a client really sent. None is under way any more: an event lands before its call is answered. */
  answered(): Promise<readonly ProxiedCall[]>;
  /** The next `count` such requests get 503 and `Retry-After: 1`; they do not reach the collector. */
  refuseNext(count: number): void;
  /** The next `count` such requests reach the collector, but their answer is a 503: a client must then send again. */
  hideAnswers(count: number): void;
  /** The next such request reaches the collector with only the first half of its body. */
  halveNext(): void;
}

export interface ProxiedCall {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly status: number;
}

type Fault = 'refuse' | 'hide' | 'halve';

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const calls: ProxiedCall[] = [];
  const faults: Fault[] = [];
  const underWay = new Set<Promise<void>>();
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const fault = incoming.method === 'POST' ? faults.shift() : undefined;
    const status = await answer(target, incoming, Buffer.concat(chunks), outgoing, fault);
    if (incoming.method === 'POST') calls.push({ path: incoming.url ?? '', headers: incoming.headers, status });
  };
  const server = createServer((incoming, outgoing) => {
    const call = take(incoming, outgoing).finally(() => underWay.delete(call));
    underWay.add(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async answered() {
      while (underWay.size > 0) await Promise.all(underWay);
      return calls;
    },
    refuseNext: (count) => void faults.push(...Array<Fault>(count).fill('refuse')),
    hideAnswers: (count) => void faults.push(...Array<Fault>(count).fill('hide')),
    halveNext: () => void faults.push('halve'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): Promise<number> {
  if (fault === 'refuse') return sendUnavailable(incoming, outgoing);
  const sent = fault === 'halve' ? body.subarray(0, body.length / 2) : body;
  const passed = await pass(target, incoming, sent);
  if (fault === 'hide') return sendUnavailable(incoming, outgoing);
  outgoing.writeHead(passed.status, passed.headers).end(passed.body);
  return passed.status;
}

// With the origin, as a browser shows a script no answer without it
function sendUnavailable(incoming: IncomingMessage, outgoing: ServerResponse): number {
  const origin = incoming.headers.origin;
  outgoing
    .writeHead(503, {
      'retry-after': '1',
      'content-type': 'application/problem+json',
      ...(origin === undefined
        ? {}
        : { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Retry-After' }),
    })
    .end('{"code":"overloaded","message":"the server is too busy; try again later"}');
  return 503;
}

interface Passed {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function pass(target: string, incoming: IncomingMessage, body: Buffer): Promise<Passed> {
  // The Host header stays the client's: settings answer with the address that the client used
  const { 'transfer-encoding': _chunked, ...headers } = incoming.headers;
  return new Promise((resolve, reject) => {
    const onward = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: { ...headers, 'content-length': body.length } },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      },
    );
    onward.on('error', reject).end(body);
  });
}
