import { writeSync } from 'node:fs';
import { startWorld } from './world.ts';

/** A process that works on a data directory until a pass is at one step, and then dies as by kill −9. */
const { CRASH_STEP, DATA = '' } = process.env;
await startWorld(DATA, (step) => {
  if (step !== CRASH_STEP) return;
  writeSync(1, `at ${step}\n`);
  process.kill(process.pid, 'SIGKILL');
});
