/**
 * npm run bench                            every bench of this folder, one after the other
 * npm run bench -- http end-to-end         those
 * npm run bench -- --list                  their names
 * npm run bench -- --json                  the figures as JSON on standard output, progress on standard error
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, plain } from './measure.ts';

const ENDING = '.bench.ts';
const FOLDER = import.meta.dirname;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface Result {
  readonly bench: string;
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly figures: readonly Figure[];
}

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))
  .sort();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, list: { type: 'boolean' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`unknown bench ${unknown.join(', ')}; there are ${names.join(', ')}`);
  if (values.list) return void process.stdout.write(`${names.join('\n')}\n`);
  const results: Result[] = [];
  for (const bench of positionals.length > 0 ? positionals : names) {
    process.stderr.write(`\n== ${bench}\n`);
    results.push(await run(bench, values.json === true));
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  const load = Number(loadavg()[0]?.toFixed(2));
  const text = values.json
    ? JSON.stringify({ at: new Date().toISOString(), machine, load, results }, null, 2)
    : `\n${table(results)}\n${machine}, load average at the end ${load}`;
  process.stdout.write(`${text}\n`);
  const failed = results.filter(({ code }) => code !== 0).map(({ bench }) => bench);
  if (failed.length > 0) throw new Error(`did not come to its end: ${failed.join(', ')}`);
}

/** In a process of its own: no bench meets a heap or compiled code that another has left. */
async function run(bench: string, quiet: boolean): Promise<Result> {
  const figures: Figure[] = [];
  const child = spawn(process.execPath, [...process.execArgv, `${FOLDER}/${bench}${ENDING}`], {
    stdio: ['ignore', quiet ? 2 : 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, KENAL_PARENT: String(process.pid) },
  });
  child.on('message', ({ figure }: { figure: Figure }) => figures.push(figure));
  const end = (signal: NodeJS.Signals): void => {
    child.kill(signal);
    child.once('exit', () => process.exit(130));
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const [code] = (await once(child, 'close')) as [number | null];
  for (const signal of SIGNALS) process.off(signal, end);
  return { bench, code, figures };
}

function table(results: readonly Result[]): string {
  const rows = [
    ['measure', 'value', 'beside', 'must'],
    ...results.flatMap(({ figures }) => figures.map((figure) => rowOf(figure))),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ measure, value, unit, ceiling, must }: Figure): string[] {
  const beside = ceiling ? `${(value / ceiling.value).toFixed(2)} × ${ceiling.name} ${plain(ceiling.value)}` : '';
  return [measure, `${plain(value)} ${unit}`, beside, must ? judged(value, must) : ''];
}

function judged(value: number, must: NonNullable<Figure['must']>): string {
  const [sign, bound, met] =
    'least' in must ? ['≥', must.least, value >= must.least] : ['≤', must.most, value <= must.most];
  return `${sign} ${plain(bound)} ${met ? 'met' : 'missed'}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
