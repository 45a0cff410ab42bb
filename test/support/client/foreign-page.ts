import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launchChromium } from '../chromium.ts';

/** A browser, and a server of another origin than Kenal's that gives it the package's modules as they are. */
export interface ForeignPages extends AsyncDisposable {
  /** A page in a context of its own: nothing is in its caches. */
  open(): Promise<ForeignPage>;
}

export interface ForeignPage {
  /** Run a body of an async function there, with `createKenal` and these values by name. @returns what it returns */
  run<T = unknown>(values: Readonly<Record<string, string>>, source: string): Promise<T>;
  /** Go elsewhere, as by a link. */
  leave(): Promise<void>;
}

/** @param dist folder of the modules. `/held` of the pages' own server answers nobody. */
export async function openForeignPages(dist: string): Promise<ForeignPages> {
  const server = createServer(async ({ url = '/' }, reply) => {
    if (url === '/held') return;
    if (!url.endsWith('.js')) return void reply.setHeader('content-type', 'text/html').end('<title>shop</title>');
    reply.setHeader('content-type', 'text/javascript').end(await readFile(join(dist, url)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const browser = await launchChromium();
  return {
    async open() {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      return {
        run: (values, source) =>
          page.evaluate(`(async () => {
            const { createKenal } = await import('/index.js');
            const { ${Object.keys(values)} } = ${JSON.stringify(values)};
            ${source}
          })()`),
        async leave() {
          await page.goto('about:blank');
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.close().closeAllConnections();
    },
  };
}
