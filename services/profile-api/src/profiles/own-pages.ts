import { allowAnyOrigin, mountPreflight } from '../http/any-origin.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { SELF } from './own-token.ts';

/**
 * Pages of any origin may ask with a token for its person: that is what such tokens are for. Whoever asks for others has a key,
 * which belongs into no page: a browser gets those answers from the same origin only.
 */
export function mountOwnPages(app: TypedApp): void {
  app.addHook('onRequest', (request, reply, done) => {
    if ((request.params as { readonly profile?: string } | null)?.profile === SELF) allowAnyOrigin(reply);
    done();
  });
  for (const path of [`/v1/profiles/${SELF}`, `/v1/profiles/${SELF}/*`]) mountPreflight(app, path);
}
