import type { Command } from 'commander';
import { oneOf, someOf, weights } from '../cli/choices.ts';
import { type Cli, type CommonOptions, note, printJson } from '../cli/cli.ts';
import { amount, share, wholeNumber } from '../cli/numbers.ts';
import { closeFile, createFile, put } from '../cli/output-file.ts';
import { count, createProgress } from '../cli/progress.ts';
import { UsageError } from '../cli/usage-error.ts';
import {
  COLUMNS,
  type Column,
  CULTURES,
  type CultureId,
  cellsOf,
  csvLine,
  generateRecords,
  mapFile,
  PROFILES,
  type Profile,
  type ProfileId,
  SPREADS,
  type Spread,
} from '../gen/records/index.ts';
import { optionsOf } from './command.ts';

interface GenPeopleOptions {
  readonly seed: number;
  readonly records: number;
  readonly profile: ProfileId;
  readonly errors: number;
  readonly cultures?: Readonly<Partial<Record<CultureId, number>>>;
  readonly columns?: readonly Column[];
  readonly spread?: Spread;
  readonly perPerson?: number;
  readonly families?: number;
  readonly out?: string;
  readonly map?: string;
}

const PROFILE_IDS = Object.keys(PROFILES) as ProfileId[];
const CHUNK_CHARACTERS = 512 * 1024;

/** Options of `kenal gen` that `gen people` has too. The others are about what customers do. */
const SHARED = ['seed', 'out'];

/** `kenal gen people`. @param gen it reads the options that both have, because their parent takes them wherever they stand */
export function addGenPeople(gen: Command, cli: Cli): void {
  const notOurs = gen.options.filter((option) => !SHARED.includes(option.attributeName()));
  const people = gen
    .command('people')
    .description('make person records with known truth, as CSV with its mapping, to measure record linkage')
    .option('--records <n>', 'exactly so many', wholeNumber('--records', 1, 100_000_000), 1_000)
    .option('--profile <name>', PROFILE_IDS.join(', '), oneOf('--profile', PROFILE_IDS), 'typical')
    .option('--errors <factor>', 'all faults so many times as often as the profile says', amount('--errors', 0, 10), 1)
    .option('--per-person <mean>', 'records of a person (default: the profile’s)', amount('--per-person', 1, 100))
    .option('--spread <name>', `how they spread: ${SPREADS.join(', ')}`, oneOf('--spread', SPREADS))
    .option('--families <share>', 'households of more than one person', share('--families'))
    .option('--cultures <list>', 'like anglo=3,turkish (default: the profile’s)', weights('--cultures', CULTURES))
    .option('--columns <list>', 'which, in this order (default: the profile’s)', someOf('--columns', COLUMNS))
    .option('--map <file.yaml>', 'where the mapping goes (default: beside --out, as file.map.yaml)')
    .action(async (_options, command: Command) => {
      const strange = notOurs.find((option) => gen.getOptionValueSource(option.attributeName()) === 'cli');
      if (strange !== undefined) throw new UsageError(`${strange.long} is an option of gen, not of gen people`);
      await generate(cli, optionsOf<GenPeopleOptions>(command));
    });
  const help = people.createHelp();
  people.configureHelp({
    showGlobalOptions: true,
    visibleGlobalOptions: (command) => help.visibleGlobalOptions(command).filter((option) => !notOurs.includes(option)),
  });
}

async function generate(cli: Cli, options: GenPeopleOptions & CommonOptions): Promise<void> {
  const began = performance.now();
  const profile = profileOf(options);
  const out = options.out === undefined ? null : await createFile(options.out);
  const map = options.map ?? options.out?.replace(/(\.csv)?$/, '.map.yaml');
  if (map !== undefined) await writeMap(map, profile, options);
  const progress = createProgress(cli, 'Generating', options.records, out === null);
  let made = 0;
  let chunk = csvLine(profile.columns);
  const flush = async (): Promise<void> => {
    await put(out ?? cli.out, chunk);
    chunk = '';
    progress.update(made, `${count(made)} records`);
  };
  const { seed, records, errors, cultures } = options;
  for (const record of generateRecords({ seed, records, profile, errors, ...(cultures ? { cultures } : {}) })) {
    made += 1;
    chunk += csvLine(cellsOf(record, made, profile.columns));
    if (chunk.length > CHUNK_CHARACTERS) await flush();
  }
  await flush();
  progress.stop();
  if (out !== null) await closeFile(out);
  const seconds = Math.round((performance.now() - began) / 10) / 100;
  if (options.json && out !== null) printJson(cli, { records: made, out: options.out, map, seconds });
  else note(cli, `${count(made)} records in ${seconds} s${map === undefined ? '' : `, mapping in ${map}`}`);
}

function profileOf({ profile, columns, spread, perPerson, families }: GenPeopleOptions): Profile {
  return {
    ...PROFILES[profile],
    ...(columns === undefined ? {} : { columns }),
    ...(spread === undefined ? {} : { spread }),
    ...(perPerson === undefined ? {} : { mean: perPerson }),
    ...(families === undefined ? {} : { families }),
  };
}

async function writeMap(path: string, { columns }: Profile, { seed, records, profile }: GenPeopleOptions) {
  const file = await createFile(path);
  const made = `kenal gen people --seed ${seed} --records ${records} --profile ${profile}`;
  await put(file, mapFile(columns, made));
  await closeFile(file);
}
