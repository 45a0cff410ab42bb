import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifySchema } from 'fastify';

/** The script as it is served: without comments and indentation, in a function of its own, so that a page sees only `kenalChat`. */
function widgetScript(): string {
  const source = readFileSync(new URL('./widget.js', import.meta.url), 'utf8');
  return `(()=>{\n${source.replaceAll(/^\s*\/\/.*\n/gm, '').replaceAll(/^\s+/gm, '')}})();\n`;
}

/** `GET /v1/widget.js`, which any page may embed. */
export function mountScript(app: FastifyInstance): void {
  const script = widgetScript();
  // A file for browsers: no part of the API that programs are described
  app.get('/v1/widget.js', { schema: { hide: true } as FastifySchema }, (_request, reply) =>
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(script),
  );
}
