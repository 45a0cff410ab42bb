#!/usr/bin/env node
// The command `kenal`: plain JavaScript, so that a system Node without type stripping can start it.
import { existsSync } from 'node:fs';
import module from 'node:module'; // whole: Node 20 has no enableCompileCache to name
import { COMPILED, handOver, PINNED_NODE, ROOT } from './hand-over.js';

const SCRIPT = 'services/kenal/src/main.ts';
const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);

if (stripsTypes && existsSync(`${ROOT}/node_modules`)) {
  process.argv[1] = `${ROOT}/${SCRIPT}`;
  process.env.NODE_COMPILE_CACHE ??= COMPILED; // of the processes that it starts
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(`../../../${SCRIPT}`);
} else if (existsSync(PINNED_NODE)) {
  handOver(SCRIPT, process.argv.slice(2));
} else {
  console.error('Kenal is not installed here yet: run `npm start` once in its folder, it installs what is missing.');
  process.exitCode = 1;
}
