import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request carries the password: Basic, `X-ClickHouse-Key` or `?password=`; the user's name does not matter. */
export function isAuthorised(message: IncomingMessage, url: URL, password: string): boolean {
  return timingSafeEqual(digest(givenPassword(message, url)), digest(password));
}

function givenPassword(message: IncomingMessage, url: URL): string {
  const key = message.headers['x-clickhouse-key'];
  if (typeof key === 'string') return key;
  const [scheme, encoded = ''] = (message.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return url.searchParams.get('password') ?? '';
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
