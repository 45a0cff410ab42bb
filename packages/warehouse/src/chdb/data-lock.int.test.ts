import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../test-support.ts';
import { lockDirectory } from './data-lock.ts';

const CHILD = fileURLToPath(new URL('./lock-child.ts', import.meta.url));
const ROUNDS = 4;
const CONTENDERS = 5;

async function startContender(directory: string) {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    pid: child.pid,
    tries: async (): Promise<string> => {
      child.stdin.write('go');
      return String((await lines.next()).value);
    },
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

it('exactly one of several processes takes the directory over from a dead owner, and the others name it', async () => {
  await using directory = await temporaryDirectory();
  const dead = await startContender(directory.path);
  expect(await dead.tries()).toBe('mine');
  let owner = dead;
  for (let round = 0; round < ROUNDS; round++) {
    const contenders = await Promise.all(Array.from({ length: CONTENDERS }, () => startContender(directory.path)));
    expect(() => lockDirectory(directory.path)).toThrow(`process ${owner.pid} has ${directory.path} open`);
    await owner.kill();
    const answers = await Promise.all(contenders.map(({ tries }) => tries()));
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('data_in_use: '))).toHaveLength(CONTENDERS - 1);
    owner = contenders[answers.indexOf('mine')]!;
    await Promise.all(contenders.filter((one) => one !== owner).map((one) => one.kill()));
  }
  await owner.kill();
  lockDirectory(directory.path).release();
});

it('holders in one process share the lock, and the last lets go of it for other processes', async () => {
  await using directory = await temporaryDirectory();
  const [one, two] = [lockDirectory(directory.path), lockDirectory(directory.path)];
  one.release();
  one.release();
  const other = await startContender(directory.path);
  expect(await other.tries()).toContain(`process ${process.pid} has`);
  await other.kill();
  two.release();
  const heir = await startContender(directory.path);
  expect(await heir.tries()).toBe('mine');
  await heir.kill();
});
