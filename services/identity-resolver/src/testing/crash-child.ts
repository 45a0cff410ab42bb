import { writeSync } from 'node:fs';
import type { StepHook } from '../step-hook.ts';
import type { AdapterEnvironment } from './backends.ts';
import { startResolver } from './resolver.ts';

/** A process that resolves until it has passed one point of the pipeline so many times, and then dies as by kill −9. */
const { CRASH_STEP, CRASH_AFTER = '1', ADAPTERS = '{}', MOST_FIELDS } = process.env;
let passed = 0;
const onStep: StepHook = (step) => {
  if (step !== CRASH_STEP) return;
  passed += 1;
  writeSync(1, `passed ${passed}\n`);
  if (passed >= Number(CRASH_AFTER)) process.kill(process.pid, 'SIGKILL');
};
const options = MOST_FIELDS === undefined ? {} : { mostFields: Number(MOST_FIELDS) };
await startResolver(JSON.parse(ADAPTERS) as AdapterEnvironment, onStep, undefined, undefined, options);
