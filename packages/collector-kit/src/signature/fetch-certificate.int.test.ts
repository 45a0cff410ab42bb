import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchCertificate } from './fetch-certificate.ts';

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/a.pem': (response) => response.end('-----BEGIN CERTIFICATE-----'),
  '/moved.pem': (response) => response.writeHead(302, { location: '/a.pem' }).end(),
  '/endless.pem': (response) => response.end(Buffer.alloc(65_537)),
  '/none.pem': (response) => response.writeHead(404).end('no'),
  '/cut.pem': (response) =>
    response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy()),
};
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => ANSWERS[request.url!]!(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('the bytes of a certificate are fetched as they lie there', async () => {
  expect(Buffer.from(await fetchCertificate(`${base}/a.pem`)).toString()).toBe('-----BEGIN CERTIFICATE-----');
});

test.each(['/moved.pem', '/endless.pem', '/none.pem', '/cut.pem'])('%s is unavailable', async (path) => {
  await expect(fetchCertificate(base + path)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
});

test('nobody there is unavailable', async () => {
  await expect(fetchCertificate('http://127.0.0.1:1/a.pem')).rejects.toMatchObject({ code: 'unavailable' });
});
