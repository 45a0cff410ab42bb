import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';

const HIDDEN = { schema: { hide: true } } as const;
const NONCE_BYTES = 16;
/** Style elements of libraries inside Scalar 1.76.3 that do not take the nonce; the browser's test says where they change. */
const STYLES = [
  "'sha256-l/2OpPg0d+2VLTLgwjf5mQo2CYwHDEqdj5TjbfEyVJI='",
  "'sha256-T13Uev3xCax2N28XaoAE8DOzQZKvPp7ZQVAi1iRREjo='",
].join(' ');

/**
 * The page may run its own scripts and speak to this host. Its styles are made by the script: those elements carry the nonce,
 * and style attributes of what it draws cannot.
 */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}' ${STYLES}`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** `/docs`: the reference of all APIs on this host. */
export function mountReference(app: FastifyInstance): void {
  const html = asset('index.html');
  app.get('/docs', HIDDEN, (_request, reply) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    return secure(reply, 'text/html; charset=utf-8')
      .header('content-security-policy', policyOf(nonce))
      .header('cache-control', 'no-store')
      .send(html.replaceAll('%NONCE%', nonce));
  });
  for (const [name, type] of [
    ['style.css', 'text/css; charset=utf-8'],
    ['start.js', 'text/javascript; charset=utf-8'],
  ] as const) {
    const text = asset(name);
    app.get(`/docs/${name}`, HIDDEN, (_request, reply) =>
      secure(reply, type).header('cache-control', 'no-cache').send(text),
    );
  }
  let script: Promise<Buffer> | null = null;
  app.get('/docs/scalar.js', HIDDEN, async (_request, reply) => {
    script ??= loadScript();
    return secure(reply, 'text/javascript; charset=utf-8')
      .header('content-encoding', 'gzip')
      .header('cache-control', 'private, max-age=3600')
      .send(await script);
  });
}

/** Scalar's script as its plugin for fastify serves it, gzipped: every browser that can run it takes that. */
async function loadScript(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  await using inner = fastify();
  await inner.register(scalar, { routePrefix: '/', configuration: { url: '/openapi.json' } });
  const { rawPayload } = await inner.inject('/js/scalar.js');
  return promisify(gzip)(rawPayload);
}

function asset(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}

function secure(reply: FastifyReply, type: string): FastifyReply {
  return reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin');
}
