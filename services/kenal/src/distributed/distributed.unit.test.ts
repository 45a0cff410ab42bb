import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CANNOT_START } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { keepRunning } from './child.ts';
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
