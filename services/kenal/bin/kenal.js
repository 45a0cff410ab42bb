#!/usr/bin/env node
// The command `kenal`: plain JavaScript, so that a system Node without type stripping can start it.
import { handOver, typescriptNode } from './hand-over.js';

const node = typescriptNode();
if (node === null) {
  console.error('Kenal is not installed here yet: run `npm start` once in its folder, it installs what is missing.');
  process.exit(1);
}
handOver(node, 'services/kenal/src/main.ts', process.argv.slice(2));
