import { parseArgs } from 'node:util';
import { publishLongRun, SIZES } from './verify/long-run.ts';
import { STEPS, type Step } from './verify/steps.ts';
import { closingLine, type StepResult, tableOf } from './verify/tally.ts';

/** `npm test` and `npm run test:long`; `npm test -- --only unit --only lint` runs parts. */
const BUDGET_MINUTES = { short: 25, long: 240 };

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const size = values.long ? 'long' : 'short';
const chosen = choose(values.only);
const deadline = Date.now() + BUDGET_MINUTES[size] * 60_000;
const results: StepResult[] = [];

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
for (const step of chosen) results.push(await timed(step));
if (Date.now() > deadline)
  results.push({
    step: 'time',
    seconds: 0,
    passed: 0,
    failed: [`it took more than ${BUDGET_MINUTES[size]} minutes`],
    skipped: [],
  });
report();

function choose(only: readonly string[] | undefined): readonly Step[] {
  const unknown = only?.find((name) => STEPS.every((step) => step.name !== name));
  if (unknown !== undefined) {
    console.error(`There is no suite ${unknown}; there are ${STEPS.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  return only === undefined ? STEPS : STEPS.filter(({ name }) => only.includes(name));
}

async function timed(step: Step): Promise<StepResult> {
  console.log(`\n── ${step.name}`);
  const began = Date.now();
  const tally = await step.run({ env: SIZES[size], deadline });
  const seconds = (Date.now() - began) / 1000;
  console.log(`── ${step.name}: ${closingLine([tally]).replaceAll(',', ' ·')} in ${seconds.toFixed(1)} s`);
  return { step: step.name, seconds, ...tally };
}

/** The last line is read by machines: nothing may follow it. */
function report(): void {
  console.log(`\n${tableOf(results)}\n`);
  for (const { step, skipped } of results) for (const name of skipped) console.log(`skipped in ${step}: ${name}`);
  for (const { step, failed } of results) for (const name of failed) console.log(`failed in ${step}: ${name}`);
  if (values.long && values.only === undefined) publishLongRun(results, new Date());
  console.log(`\n${closingLine(results)}`);
  process.exitCode = results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}
