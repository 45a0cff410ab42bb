import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prepareDataDir } from './data-dir.ts';

const folder = mkdtempSync(join(tmpdir(), 'kenal-dir-'));
const disk = mkdtempSync(join(tmpdir(), 'kenal-disk-'));
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (hasDisk) spawnSync('umount', ['-l', disk]);
});

test('a data directory is made with all folders above it, for its owner alone, and may be there already', () => {
  const path = join(folder, 'a', 'b');
  prepareDataDir(path);
  prepareDataDir(path);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('where a data directory cannot be, one sentence says so at once', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => prepareDataDir(file)).toThrow(/file is a file; choose another folder/);
  expect(() => prepareDataDir(join(file, 'x', 'y'))).toThrow(/file is a file; choose another folder/);
  if (existsSync('/proc/self')) expect(() => prepareDataDir('/proc/kenal/x')).toThrow(/cannot be made \(ENOENT\)/);
  mkdirSync(join(folder, 'taken', 'endpoints.json'), { recursive: true });
  expect(() => prepareDataDir(join(folder, 'taken'))).toThrow(/endpoints\.json is a folder where Kenal keeps a file/);
});

test.skipIf(!hasDisk)('a full disk and one that is only read are named', () => {
  expect(() => prepareDataDir(join(disk, 'data'))).toThrow(/disk that holds .*data is full; make room/);
  spawnSync('mount', ['-o', 'remount,ro', disk]);
  expect(() => prepareDataDir(join(disk, 'data'))).toThrow(/cannot be written \(EROFS\)/);
  expect(() => prepareDataDir(join(disk, 'other'))).toThrow(/cannot be made \(EROFS\)/);
});
