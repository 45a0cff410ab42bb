import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { KenalError } from '@kenal/errors';
import { problemOf } from './problem.ts';

/** Answer as any other error what Node's parser refuses, of which no handler ever hears: headers over the limit, slow requests, no HTTP. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const known = knownAs(error);
  const body = JSON.stringify(problemOf(known));
  socket.end(
    `HTTP/1.1 ${known.status} ${REASONS[known.status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** `Expect:` of anything but 100-continue; Node's own answer has no body. */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (message: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(problemOf(new KenalError('bad_query', `Expect: ${message.headers.expect}`), 417));
    const length = Buffer.byteLength(body);
    response
      .writeHead(417, { 'Content-Type': 'application/problem+json', 'Content-Length': length, Connection: 'close' })
      .end(body);
  });
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function knownAs(error: NodeJS.ErrnoException): KenalError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new KenalError('request_timeout');
  if (error.code === 'HPE_HEADER_OVERFLOW') return new KenalError('headers_too_large');
  return new KenalError('bad_query', `this is not HTTP: ${error.message}`);
}
