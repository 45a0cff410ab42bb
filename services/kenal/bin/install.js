import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PINNED_NODE, ROOT } from './hand-over.js';

const PNPM = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')).packageManager; // pnpm@12.21.0
const STAMP = `${ROOT}/node_modules/.kenal-installed`;
const PROGRESS_EVERY_MS = 5_000;

// npm describes its own run to us in these; pnpm and npx would take them for their configuration.
const NPM_RUN =
  /^(npm_(lifecycle|package|command|execpath|node_execpath)|npm_config_(local_prefix|global_prefix|prefix|globalconfig|init_module|node_gyp|npm_version|user_agent)|INIT_CWD$|NODE$)/;

/** @returns whether what is installed is what the lock file and the package manifests ask for */
export function isInstalled() {
  return existsSync(PINNED_NODE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/** Install with pnpm, showing how it goes. Rejects with one sentence. */
export async function install() {
  console.log('Installing what Kenal needs (once; again only when the lock file changes) …');
  const began = Date.now();
  const code = await runPnpm();
  if (code !== 0)
    throw new Error(
      `The installation failed (pnpm ended with ${code}); its own words are above. Is the npm registry reachable?`,
    );
  if (!existsSync(PINNED_NODE))
    throw new Error('The installation brought no Node runtime: remove node_modules and try again.');
  writeFileSync(STAMP, fingerprint());
  console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** Hash over everything that decides what pnpm puts into node_modules (patches have their hash in the lock file). */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${PNPM}\n`);
  for (const file of inputs())
    hash
      .update(`${file}\n`)
      .update(readFileSync(`${ROOT}/${file}`))
      .update('\0');
  return hash.digest('hex');
}

function inputs() {
  const files = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.npmrc',
    'schemas/package.json',
    'test/package.json',
  ];
  for (const folder of ['packages', 'services'])
    for (const name of readdirSync(`${ROOT}/${folder}`).sort()) files.push(`${folder}/${name}/package.json`);
  return files.filter((file) => existsSync(`${ROOT}/${file}`));
}

/** @returns {Promise<number | string>} exit code or signal of pnpm */
function runPnpm() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NPM_RUN.test(name)));
  const terminal = process.stdout.isTTY === true;
  const args = ['-y', PNPM, 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  if (!terminal) args.push('--reporter=append-only');
  const child = spawn('npx', args, { cwd: ROOT, env, stdio: ['ignore', terminal ? 'inherit' : 'pipe', 'inherit'] });
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  if (!terminal) thinProgress(child.stdout);
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(
        new Error(
          error.code === 'ENOENT' ? 'Kenal needs npm (with npx) beside Node to install itself.' : error.message,
        ),
      ),
    );
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}

/**
 * Pass pnpm's lines on; of the many that only count, one each five seconds:
 * `Progress: resolved 461, reused 0, downloaded 53, added 41` · `Downloading chdb@3.4.0: 76.50 MB/177.81 MB`
 */
function thinProgress(stream) {
  let last = 0;
  createInterface({ input: stream }).on('line', (line) => {
    if (/^(Progress|Downloading)\b/.test(line) && !line.endsWith('done')) {
      if (Date.now() - last < PROGRESS_EVERY_MS) return;
      last = Date.now();
    }
    if (line.trim() !== '') console.log(`  ${line}`);
  });
}
