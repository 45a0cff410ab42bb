import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** What a bench found. `npm run bench` gathers these into one table. */
export interface Figure {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** What else belongs to the figure: percentiles, core-µs, refusals. */
  readonly detail?: string;
  /** What the machine can do at best, measured in the same run, same unit. */
  readonly ceiling?: { readonly name: string; readonly value: number };
  /** The "must" of reliability.md, same unit. */
  readonly must?: { readonly least: number } | { readonly most: number };
}

/** Print a figure, and hand it to `main.ts` where that is the parent. */
export function report(figure: Figure): void {
  const ratio = figure.ceiling ? `, ${(figure.value / figure.ceiling.value).toFixed(2)} of ${figure.ceiling.name}` : '';
  const detail = figure.detail ? ` (${figure.detail})` : '';
  process.stdout.write(`${figure.measure}: ${plain(figure.value)} ${figure.unit}${ratio}${detail}\n`);
  process.send?.({ figure });
}

export function plain(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

/** p50, p95 and p99 of a list of milliseconds; 0 where it is empty. */
export function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export const shown = ({ p50, p95, p99 }: ReturnType<typeof percentiles>): string =>
  `p50 ${plain(p50)} p95 ${plain(p95)} p99 ${plain(p99)} ms`;

/** A server that this process has started. */
export interface ServerProcess {
  readonly pid: number;
  /** Of the service (`collector-web`, `up`, `chdb-server`), `kafka`, `redis`, or of the script (`bare-server`). */
  readonly name: string;
  readonly env: ReadonlyMap<string, string>;
}

/** Linux only. A server in a container is no child of ours, so its CPU time is not seen. */
export function serverProcesses(): ServerProcess[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || statOf(pid)?.parent !== process.pid) return [];
    const name = nameOf(read(`/proc/${pid}/cmdline`).split('\0'));
    const env = read(`/proc/${pid}/environ`).split('\0');
    return name === null ? [] : [{ pid, name, env: new Map(env.map((line) => splitOnce(line))) }];
  });
}

function nameOf([program = '', ...args]: readonly string[]): string | null {
  if (program.includes('redis-server')) return 'redis';
  if (args.includes('kafka.Kafka')) return 'kafka';
  const script = args.findIndex((arg) => arg.endsWith('.ts'));
  const [, service, file] = /(?:services\/([\w-]+)\/src\/main|([\w-]+))\.ts$/.exec(args[script] ?? '') ?? [];
  return service === 'kenal' ? (args[script + 1] ?? null) : (service ?? file ?? null);
}

const splitOnce = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
};

const TICK_MICROS = 10_000; // 100 ticks a second on every Linux that Node runs on

/** User and system time of a process with all its threads, and its parent. The name in brackets may hold anything. */
function statOf(pid: number): { parent: number; micros: number } | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), micros: (Number(fields[11]) + Number(fields[12])) * TICK_MICROS };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended since
  }
}

/** CPU time that was spent between start and stop. */
export interface Usage {
  /** Core-µs by name of the process; `load` is this process, the load generator. */
  readonly micros: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** Core-µs of Kenal's own processes: without Kafka, Redis and the load generator. */
  readonly kenal: number;
  /** `load average 2.1, others 3 %`: share of the machine's cores that neither we nor our servers used. */
  readonly noise: string;
}

const NOT_KENAL = ['load', 'kafka', 'redis'];

export function startMeter(processes: readonly ServerProcess[]): () => Usage {
  const take = (): Map<string, number> => {
    const all = [{ name: 'load', pid: process.pid }, ...processes];
    return new Map(all.map(({ name, pid }) => [name, statOf(pid)?.micros ?? 0]));
  };
  const [began, first, machine] = [performance.now(), take(), machineMicros()];
  return () => {
    const micros = new Map([...take()].map(([name, value]) => [name, value - (first.get(name) ?? 0)]));
    const used = [...micros.values()].reduce((sum, value) => sum + value, 0);
    const now = machineMicros();
    const others = (now.busy - machine.busy - used) / (now.all - machine.all);
    return {
      micros,
      seconds: (performance.now() - began) / 1_000,
      kenal: [...micros].reduce((sum, [name, value]) => sum + (NOT_KENAL.includes(name) ? 0 : value), 0),
      noise: `load average ${loadavg()[0]?.toFixed(1)}, others ${Math.max(0, Math.round(others * 100))} %`,
    };
  };
}

const WAIT_SECONDS = Number(process.env.KENAL_BENCH_WAIT ?? 20);
const QUIET = 0.15;

/** Resolves when the machine has been nearly idle for a second, at the latest after KENAL_BENCH_WAIT seconds (20). */
export async function quiet(): Promise<void> {
  const deadline = performance.now() + WAIT_SECONDS * 1_000;
  while (performance.now() < deadline) {
    const before = machineMicros();
    await delay(1_000);
    const now = machineMicros();
    if ((now.busy - before.busy) / (now.all - before.all) < QUIET) return;
  }
}

// cpu user nice system idle iowait irq softirq steal …
function machineMicros(): { busy: number; all: number } {
  const line = read('/proc/stat').split('\n')[0] ?? '';
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { busy: (all - (ticks[3] ?? 0) - (ticks[4] ?? 0)) * TICK_MICROS, all: all * TICK_MICROS };
}

/** `collector-web 21, kafka 30` core-µs an event. */
export function perEvent(usage: Usage, events: number): string {
  return [...usage.micros].map(([name, micros]) => `${name} ${plain(micros / events)}`).join(', ');
}
