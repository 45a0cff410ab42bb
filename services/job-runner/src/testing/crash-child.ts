import { writeSync } from 'node:fs';
import { crowd, THEODORA } from './people.ts';
import { startWorld } from './world.ts';

/** A process that works on a data directory until a pass is at one step, and then dies as by kill −9. */
const { CRASH_STEP, DATA = '', RECORDS = '0' } = process.env;
const world = await startWorld(DATA, (step) => {
  if (step !== CRASH_STEP) return;
  writeSync(1, `at ${step}\n`);
  process.kill(process.pid, 'SIGKILL');
});
if (RECORDS !== '0') {
  await world.feed([...crowd(Number(RECORDS)), ...THEODORA]);
  await world.call('POST', '/v1/identity/link');
}
