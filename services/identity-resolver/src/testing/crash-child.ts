import { writeSync } from 'node:fs';
import type { AdapterEnvironment } from './backends.ts';
import { startResolver } from './resolver.ts';

/** A process that resolves until it has passed one point of the pipeline so many times, and then dies as by kill −9. */
const { CRASH_STEP, CRASH_AFTER = '1', ADAPTERS = '{}' } = process.env;
let passed = 0;
await startResolver(JSON.parse(ADAPTERS) as AdapterEnvironment, (step) => {
  if (step !== CRASH_STEP) return;
  passed += 1;
  writeSync(1, `passed ${passed}\n`);
  if (passed >= Number(CRASH_AFTER)) process.kill(process.pid, 'SIGKILL');
});
