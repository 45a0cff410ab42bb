// What `npm start`, `npm test`, `npm run test:long` and `npm run bench` run: install where needed, then hand over to
// the pinned runtime. Plain JavaScript without dependencies: it runs on the Node that the machine has.
import { handOver } from './hand-over.js';
import { install, isInstalled } from './install.js';

const SCRIPTS = {
  up: ['services/kenal/src/main.ts', 'up'],
  test: ['test/support/verify.ts'],
  bench: ['test/bench/main.ts'],
};

/** @returns one sentence about what this machine lacks, or null */
function missing() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) return `Kenal needs Node 20 or later; this is Node ${process.versions.node}.`;
  if (!['linux', 'darwin'].includes(process.platform))
    return `Kenal runs on Linux and macOS, not on ${process.platform}; on Windows use WSL.`;
  if (!['x64', 'arm64'].includes(process.arch))
    return `Kenal needs a 64-bit x86 or ARM processor, not ${process.arch}.`;
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime)
    return 'Kenal needs a Linux with glibc (Debian, Ubuntu, Fedora …); this one has another C library.';
  return null;
}

async function main([command, ...args]) {
  const script = SCRIPTS[command];
  if (script === undefined) throw new Error(`unknown command ${command}; one of ${Object.keys(SCRIPTS).join(', ')}`);
  const lack = missing();
  if (lack !== null) throw new Error(lack);
  if (!isInstalled()) await install();
  handOver(script[0], [...script.slice(1), ...args]);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
