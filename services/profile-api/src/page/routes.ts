import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Keys of a development workspace, for a page on the developer's own machine. */
export interface DevelopmentKeys {
  readonly readKey: string;
  readonly writeKey: string;
}

const HIDDEN = { hide: true } as const;
const MODULES = ['curl', 'dom', 'feed', 'page', 'person', 'session', 'sql', 'status'].map((name) => `${name}.js`);
const ASSETS = ['style.css', ...MODULES];
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const LOOPBACK_ADDRESSES: readonly string[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** The start page: what runs, how much there is, what came in last, what to try. Static files, no build. */
export function mountPage(app: FastifyInstance, development: DevelopmentKeys | null): void {
  const html = asset('index.html');
  app.get('/', { schema: HIDDEN }, (request, reply) => {
    const own = development !== null && isOwnMachine(request) ? development : null;
    const given = attribute(JSON.stringify({ readKey: own?.readKey ?? null, writeKey: own?.writeKey ?? null }));
    // A function, because `$&` in a key would mean something in a replacement text
    return secure(reply, 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(html.replace('%KENAL%', () => given));
  });
  for (const name of ASSETS) {
    const text = asset(name);
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    app.get(`/page/${name}`, { schema: HIDDEN }, (_request, reply) =>
      secure(reply, type).header('cache-control', 'no-cache').send(text),
    );
  }
}

/**
 * Does a person at this machine look at this page? The development keys are shown to nobody else: not to another machine,
 * not through a proxy, not to a strange name that was pointed at 127.0.0.1 (DNS rebinding), not to another page's script.
 */
function isOwnMachine(request: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  const { headers, socket } = request;
  const forwarded =
    Object.keys(headers).some((name) => name.startsWith('x-forwarded-')) || headers.forwarded !== undefined;
  const mode = headers['sec-fetch-mode'];
  return (
    LOOPBACK_ADDRESSES.includes(socket.remoteAddress ?? '') &&
    LOOPBACK_NAMES.includes((headers.host ?? '').toLowerCase().replace(/:\d{1,5}$/, '')) &&
    !forwarded &&
    headers.via === undefined &&
    headers.origin === undefined &&
    (mode === undefined || mode === 'navigate')
  );
}

function asset(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}

function secure(reply: FastifyReply, type: string): FastifyReply {
  return reply
    .type(type)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
