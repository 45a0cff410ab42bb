import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { closeFile, createFile, put, writeWhole } from './output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kenal-output-'));
});

async function* pieces(...texts: (string | Error)[]) {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

const isLinux = existsSync('/dev/full');
/** The file that is written first, on a disk that is full. */
const fillDisk = (path: string): void => symlinkSync('/dev/full', `${path}.part`);

test.skipIf(!isLinux)('a full disk is told in one sentence, leaves no file, and one of before as it was', async () => {
  for (const [name, before] of [['new'], ['old', 'of before']] as const) {
    const path = join(folder, name);
    if (before !== undefined) writeFileSync(path, before);
    fillDisk(path);
    await expect(writeWhole(path, pieces('a', 'x'.repeat(1_000_000)))).rejects.toMatchObject({
      code: 'bad_usage',
      message: `${path} cannot be written: ENOSPC: no space left on device, write`,
    });
  }
  expect(readdirSync(folder)).toEqual(['old']);
  expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('of before');
});

test('what breaks off says so, and leaves no file', async () => {
  const fault = new Error('Kenal stopped');
  await expect(writeWhole(join(folder, 'out'), pieces('half', fault))).rejects.toBe(fault);
  expect(readdirSync(folder)).toEqual([]);
});

test('a file takes the place of one of before, with its rights and also behind a link', async () => {
  const [path, link] = [join(folder, 'out'), join(folder, 'link')];
  writeFileSync(path, 'much longer of before', { mode: 0o600 });
  symlinkSync(path, link);
  expect(await writeWhole(link, pieces('ä', 'b'))).toBe(3);
  expect(readFileSync(path, 'utf8')).toBe('äb');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['link', 'out']);
});

test('what is no plain file stays what it is', async () => {
  const path = join(folder, 'nothing');
  symlinkSync('/dev/null', path);
  expect(await writeWhole(path, pieces('a'))).toBe(1);
  expect(statSync(path).isCharacterDevice()).toBe(true);
});

test.skipIf(!isLinux)('a pipe gets what comes, also one that has no path, as /dev/stdout may be', async () => {
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  const pipe = openSync(path, 'r+');
  rmSync(path);
  await writeWhole(`/dev/fd/${pipe}`, pieces('a', 'b'));
  const got = Buffer.alloc(10);
  expect(got.toString('utf8', 0, readSync(pipe, got))).toBe('ab');
  closeSync(pipe);
});

test.skipIf(!isLinux)('a full disk is told to whoever writes by and by, and to whoever closes', async () => {
  const told = /^\/dev\/full cannot be written: ENOSPC/;
  const file = await createFile('/dev/full');
  await expect(put(file, 'x'.repeat(1_000_000))).rejects.toThrow(told);
  await expect(put(file, 'more')).rejects.toThrow(told);
  await expect(closeFile(file)).rejects.toThrow(told);
  const small = await createFile('/dev/full');
  await put(small, 'held back');
  await expect(closeFile(small)).rejects.toThrow(told);
});
