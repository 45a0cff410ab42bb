import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { ROOT } from './run.ts';
import { closingLine, type StepResult, tableOf } from './tally.ts';

/** Sizes of `npm test`, and of `npm run test:long`. */
export const SIZES = {
  short: {
    KENAL_PROPERTY_RUNS: '300',
    KENAL_LEDGER_EVENTS: '20000',
    KENAL_LEDGER_KILLS: '6',
    KENAL_WORKER_SEEDS: '1',
    KENAL_REIMPORT_ROWS: '50000',
    KENAL_FUZZ_ROWS: '3000',
    KENAL_FEED_CLIENTS: '200',
    KENAL_FEED_PROFILES: '0',
  },
  long: {
    KENAL_PROPERTY_RUNS: '3000',
    KENAL_LEDGER_EVENTS: '100000',
    KENAL_LEDGER_KILLS: '30',
    KENAL_WORKER_SEEDS: '100',
    KENAL_REIMPORT_ROWS: '541909',
    KENAL_FUZZ_ROWS: '1000000',
    KENAL_FEED_CLIENTS: '2000',
    KENAL_FEED_PROFILES: '10000',
  },
} as const;

const README = `${ROOT}/test/README.md`;
const BEGIN = '<!-- long run: written by npm run test:long -->';
const END = '<!-- end of long run -->';

/** Write the result of a long run between the markers of test/README.md, with machine and date. */
export function publishLongRun(results: readonly StepResult[], now: Date): void {
  writeFileSync(README, withLongRun(readFileSync(README, 'utf8'), results, machine(), now));
}

/** @returns `text` with the result in place of the last one @throws Error where it has lost the markers */
export function withLongRun(text: string, results: readonly StepResult[], where: string, now: Date): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error('test/README.md has lost the markers of the long run');
  const sizes = Object.entries(SIZES.long).map(([name, value]) => `${name}=${value}`);
  const head = `${now.toISOString().slice(0, 10)}, ${where}, ${sizes.join(', ')}:`;
  const body = ['', head, '', tableOf(results), '', closingLine(results), '', ''].join('\n');
  return `${text.slice(0, from + BEGIN.length)}\n${body}${text.slice(to)}`;
}

function machine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const processor = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  return `${processor}, ${memory}, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
