import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CANNOT_START } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { loadGeneratedKeys } from '../up/generated-keys.ts';
import { loadLocalConfig } from '../up/workspace-config.ts';
import { keepRunning } from './child.ts';
import { planProcesses } from './plan.ts';
import { createPortChooser } from './ports.ts';

const HOST = '127.0.0.1';

test('a port that was given is not chosen again, and asking for it twice is an error', async () => {
  const choose = createPortChooser();
  const sql = await choose(HOST, 0, 0);
  const next = await choose(HOST, undefined, sql);
  expect(next).toBeGreaterThan(sql);
  await expect(choose(HOST, sql, 0)).rejects.toMatchObject({ code: 'port_taken' });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as { port: number };
  await expect(choose(HOST, port, 0)).rejects.toMatchObject({ code: 'port_taken' });
  server.close();
});

test('a process whose start cannot be healed says why; one that may come back has hope', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kenal-child-'));
  const ends = async (code: number) => {
    const program = join(folder, `${code}.mjs`);
    writeFileSync(program, `console.error('the port is taken'); process.exitCode = ${code};`);
    const crashed = Promise.withResolvers<string>();
    const events = { onLine: () => {}, onStart: () => {}, onCrash: (_: string, how: string) => crashed.resolve(how) };
    const spec = { name: 'one', args: [program], env: {}, url: 'http://127.0.0.1:1', readyPath: '/' };
    const child = keepRunning(spec, events);
    await crashed.promise;
    const hopeless = child.hopeless();
    await child.stop();
    return hopeless;
  };
  expect(await ends(EXIT_CANNOT_START)).toBe('the port is taken');
  expect(await ends(1)).toBeNull();
});

test('mail comes in by the port that was chosen for it, of the one process that takes mail', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kenal-plan-'));
  const path = join(dataDir, 'kenal.yaml');
  writeFileSync(path, 'workspaces: [{ id: shop, sources: [{ id: web, keys: [{ key: env:KEY }] }] }]');
  const keys = loadGeneratedKeys(dataDir);
  const at = { host: HOST, profileApi: 2, sql: 3, resolver: 4, loader: 5, jobRunner: 6, chdb: 7 };
  const collectors = { 'collector-web': 1, 'collector-email': 8 };
  const portsOf = (smtp: number | null) =>
    planProcesses({}, dataDir, loadLocalConfig({ KEY: 'k' }, path, keys), keys, { ...at, collectors, smtp })
      .filter(({ env }) => env.KENAL_SMTP_PORT !== undefined)
      .map(({ name, env }) => [name, env.KENAL_SMTP_PORT]);
  expect(portsOf(2525)).toEqual([['collector-email', '2525']]);
  expect(portsOf(null)).toEqual([]);
});
