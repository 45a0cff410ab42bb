import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VERSION } from '../version.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const GIB = 1024 ** 3;
const LEAST_NODE = [22, 18] as const;

export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const detail = `Node ${process.versions.node}, Kenal ${VERSION}`;
  if (fits) return ok('node', detail);
  return fail('node', detail, 'run `npm start` once: it installs the runtime that Kenal pins');
}

export function checkDataDir(dataDir: string): Finding {
  const name = 'data directory';
  const path = resolve(dataDir);
  if (!existsSync(path)) {
    accessSync(nearest(path), constants.W_OK);
    return ok(name, `${path} is made at the first start`);
  }
  if (!statSync(path).isDirectory())
    return fail(name, `${path} is not a directory`, 'choose another with KENAL_DATA or --data');
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    const advice = 'give yourself the right to, or choose another with KENAL_DATA';
    return fail(name, `${path} cannot be written`, advice);
  }
  return ok(name, path);
}

export function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(resolve(dataDir)));
  const free = (bavail * bsize) / GIB;
  const detail = `${free.toFixed(1)} GiB free`;
  if (free < 0.5) return fail('disk', detail, 'make room: Kenal stops taking events when nothing can be written');
  return free < 5 ? warn('disk', detail, 'make room before long') : ok('disk', detail);
}

/** The path, or the folder above it that is there. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
