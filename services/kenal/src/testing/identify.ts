import type { Endpoints } from '../client/endpoints.ts';

/** Say of a person their address and name, as a client does. */
export async function identifyAt({ url, writeKey }: Endpoints, userId: string, email: string): Promise<Response> {
  return fetch(`${url}/v1/identify`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ userId, traits: { email, name: 'Ann Lee' } }),
  });
}
