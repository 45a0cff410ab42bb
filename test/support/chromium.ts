import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

// No flag of the package's own list: it switches off what a browser test is there to see (CORS).
const FLAGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A headless Chromium: the one that `KENAL_CHROMIUM` names, else the one inside the npm package @sparticuz/chromium. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.KENAL_CHROMIUM || (await unpackedChromium());
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

/**
 * The package unpacks its binary into the folder for temporary files, and takes what lies there for whole. So it is
 * unpacked into a folder of our own, once a machine, and only then given its name.
 */
async function unpackedChromium(): Promise<string> {
  const home = join(tmpdir(), 'kenal-chromium-153');
  const binary = join(home, 'chromium');
  if (existsSync(binary)) return binary;
  const draft = `${home}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = draft;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    await rename(draft, home);
  } catch {
    await rm(draft, { recursive: true, force: true }); // another process was first
  }
  return binary;
}
