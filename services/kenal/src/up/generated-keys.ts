import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KenalError } from '@kenal/errors';
import { readWorkspaceKey } from '@kenal/service-kit';

/** Keys for people and programs on this machine; the same after every start on the same data directory. */
export interface GeneratedKeys {
  writeKey(workspace: string, source: string): string;
  readKey(workspace: string): string;
  stewardKey(workspace: string): string;
  /** As the configuration holds it. */
  erasureKey(workspace: string): string;
  /** As the configuration holds it. */
  signingKey(workspace: string): string;
  /** A password for a purpose inside this data directory. */
  password(purpose: string): string;
}

/**
 * Keys derived from one random secret of 256 bits in `keys.json`, which only its owner can read.
 * They stand in clear text in `endpoints.json`; services get their hashes, and the erasure and signing keys, which stand nowhere.
 */
export function loadGeneratedKeys(dataDir: string): GeneratedKeys {
  const path = join(dataDir, 'keys.json');
  const secret = read(path) ?? create(dataDir, path);
  const derive = (...parts: readonly string[]): string =>
    createHmac('sha256', Buffer.from(secret, 'hex')).update(JSON.stringify(parts)).digest('base64url');
  return {
    writeKey: (workspace, source) => `kw_${derive('write', workspace, source)}`,
    readKey: (workspace) => `kr_${derive('read', workspace)}`,
    stewardKey: (workspace) => `ks_${derive('steward', workspace)}`,
    erasureKey: (workspace) => readWorkspaceKey(derive('erasure', workspace), path),
    signingKey: (workspace) => readWorkspaceKey(derive('signing', workspace), path),
    password: (purpose) => derive('password', purpose),
  };
}

function read(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const { secret } = JSON.parse(text) as { secret?: unknown };
    if (typeof secret === 'string' && /^[0-9a-f]{64}$/.test(secret)) return secret;
  } catch {
    // said below
  }
  throw new KenalError(
    'bad_config',
    `${path} does not hold the keys that Kenal wrote; restore it, or remove it to get new keys`,
  );
}

function create(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString('hex');
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify({ secret })}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  return secret;
}
