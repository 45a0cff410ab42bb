import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { THEODORA } from '../testing/people.ts';
import { link, linkedPairs, over, startWorld } from '../testing/world.ts';

const CHILD = fileURLToPath(new URL('../testing/crash-child.ts', import.meta.url));
const RECORDS = 80;

/** @returns what it said before it died */
async function runUntil(step: string, dataDir: string, records = 0): Promise<string> {
  const env = { ...process.env, CRASH_STEP: step, DATA: dataDir, RECORDS: String(records) };
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  await once(child, 'exit');
  return said;
}

test('a pass that is killed once its links are handed in, and again once its model is, comes to what it would have come to', async () => {
  const dataDir = await migratedDirectory();
  for (const [i, step] of ['linked', 'switched'].entries())
    expect(await runUntil(step, dataDir, i === 0 ? RECORDS : 0)).toBe(`at ${step}\n`);
  await using world = await startWorld(dataDir);
  const { body } = (await world.call('GET', '/v1/identity/link')) as { body: { passes: readonly { job: string }[] } };
  const pass = await over(world, body.passes[0]!.job);
  expect(pass).toMatchObject({ state: 'done', error: null, records: RECORDS + 2 });
  const directives = await world.directives();
  const [first, second] = THEODORA.map(({ identifiers: [own] }) => `${own!.type}:${own!.value}`);
  const pairs = linkedPairs(directives);
  expect(pairs).toContain(`${pass.model} ${first} ${second}`);
  // Each pass learnt the same model, so it is put in force once, and no link is of another
  expect(directives.filter(({ kind }) => kind === 'model').map(({ model }) => model)).toEqual([pass.model]);
  expect(pairs.filter((pair) => !pair.startsWith(`${pass.model} `))).toEqual([]);
  // A pass from a clean start finds nothing that is missing, and nothing that should not be there
  expect(await link(world, { retrain: true })).toMatchObject({
    model: pass.model,
    links: 0,
    suggestions: 0,
    withdrawn: 0,
  });
});
