import { type Cli, note, printJson } from '../cli/cli.ts';
import { share, wholeNumber } from '../cli/numbers.ts';
import { closeFile, createFile, put } from '../cli/output-file.ts';
import { count, createProgress } from '../cli/progress.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Generator } from '../gen/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { addGenPeople } from './gen-people.ts';

interface GenOptions {
  readonly seed: number;
  readonly people: number;
  readonly events?: number;
  readonly days: number;
  readonly until: string;
  readonly out?: string;
  readonly truth?: string;
  readonly duplicates: number;
  readonly late: number;
  readonly shared: number;
}

/** Without a clock: two runs of one command line give the same bytes. */
const FIXED_END = '2026-01-01T00:00:00Z';

export const addGen: AddCommand = (program, cli) => {
  const gen = program
    .command('gen')
    .description('make customers and what they do, with the truth in a side file')
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber('--seed', 0), 1)
    .option('--people <n>', 'how many true people', wholeNumber('--people', 1, 10_000_000), 500)
    .option('--events <n>', 'exactly so many events (default: what they do in that time)', wholeNumber('--events', 1))
    .option('--days <n>', 'length of the period', wholeNumber('--days', 1, 3_650), 90)
    .option('--until <time>', 'end of the period, ISO 8601, or now', FIXED_END)
    .option('--out <file>', 'where it goes, a line each (default: standard output)')
    .option('--truth <file>', 'where the truth goes: who each person is, and whose each event is')
    .option('--duplicates <share>', 'events that are sent twice', share('--duplicates'), 0)
    .option('--late <share>', 'events that come up to a day late', share('--late'), 0)
    .option('--shared <share>', 'people who share a tablet with somebody', share('--shared'), 0.05)
    .action(async (_options, command) => generate(cli, optionsOf<GenOptions>(command)));
  addGenPeople(gen, cli);
};

async function generate(cli: Cli, options: GenOptions & { readonly json?: boolean }): Promise<void> {
  const until = options.until === 'now' ? Date.now() : Date.parse(options.until);
  if (!Number.isFinite(until))
    throw new UsageError(`--until must be a time like ${FIXED_END}, or now, not ${options.until}`);
  const { createGenerator } = await import('../gen/index.ts'); // name tables of many countries: only where wanted
  const generator = createGenerator({
    seed: options.seed,
    people: options.people,
    days: options.days,
    until,
    ...(options.events === undefined ? {} : { events: options.events }),
    duplicates: options.duplicates,
    late: options.late,
    sharedDevices: options.shared,
  });
  const began = performance.now();
  const events = await write(cli, generator, options);
  const seconds = Math.round((performance.now() - began) / 10) / 100;
  const summary = { events, people: options.people, out: options.out ?? null, truth: options.truth ?? null, seconds };
  if (options.json && options.out !== undefined) printJson(cli, summary);
  else note(cli, `${count(events)} events of ${count(options.people)} people in ${seconds} s`);
}

async function write(cli: Cli, generator: Generator, options: GenOptions): Promise<number> {
  const out = options.out === undefined ? null : await createFile(options.out);
  const truth = options.truth === undefined ? null : await createFile(options.truth);
  const progress = createProgress(
    cli,
    'Generating',
    options.events ?? 0,
    options.out === undefined || options.events === undefined,
  );
  let events = 0;
  let chunk = '';
  let facts = '';
  const flush = async (): Promise<void> => {
    await put(out ?? cli.out, chunk);
    if (truth !== null) await put(truth, facts);
    chunk = '';
    facts = '';
    progress.update(events, `${count(events)} events`);
  };
  for (const { source, person, event } of generator.events()) {
    events++;
    chunk += `${JSON.stringify({ source, event })}\n`;
    if (truth !== null) facts += `{"messageId":"${event.messageId}","person":"${person}"}\n`;
    if (chunk.length > 512 * 1024) await flush();
  }
  if (truth !== null) for (const person of generator.truth()) facts += `${JSON.stringify(person)}\n`;
  await flush();
  progress.stop();
  for (const file of [out, truth]) if (file !== null) await closeFile(file);
  return events;
}
