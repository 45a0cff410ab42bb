/**
 * Takes deliveries in a thread of its own: `/hang` never answers. It tells how many came by `{count}` messages.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

let count = 0;
const server = createServer((request, reply) => {
  request.resume();
  if (request.url === '/hang') return;
  request.on('end', () => {
    count += 1;
    reply.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => parentPort?.postMessage({ port: (server.address() as AddressInfo).port }));
setInterval(() => parentPort?.postMessage({ count }), 20);
