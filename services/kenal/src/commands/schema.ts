import { compileGroup, type EventGroup, readGroup, SHIPPED_GROUPS } from '@kenal/collector-kit';
import { isKenalError } from '@kenal/errors';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { closeFile, createFile, put, refuseToOverwrite } from '../cli/output-file.ts';
import { table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { typesOf } from '../schema/types.ts';
import { optionsOf } from './command.ts';

interface TypesOptions extends CommonOptions {
  readonly out?: string;
}

const GROUPS = `groups of events: ${SHIPPED_GROUPS.join(', ')}, or files in their form; default: all that are shipped`;

/** `kenal schema`: the event catalogue. */
export function addSchema(program: Command, cli: Cli): void {
  const schema = program
    .command('schema')
    .description('the event catalogue: what events are called and what they hold');
  schema
    .command('ls')
    .description('every event of the catalogue')
    .argument('[groups...]', GROUPS)
    .action((names: readonly string[], _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const groups = groupsOf(names);
      if (options.json === true) printJson(cli, groups);
      else print(cli, table([['group', 'event', 'required', 'what'], ...groups.flatMap(rowsOf)], 160));
    });
  schema
    .command('check')
    .description('whether files are groups of events as a plan in kenal.yaml takes them')
    .argument('<files...>', 'JSON or YAML in the form of schemas/events')
    .action((names: readonly string[]) => {
      for (const group of groupsOf(names)) {
        const events = compiled(group);
        print(cli, `${group.group}: ${events} ${events === 1 ? 'event' : 'events'}, all in order.\n`);
      }
    });
  schema
    .command('types')
    .description('TypeScript types of events, for clients: a wrong name or property does not compile')
    .argument('[groups...]', GROUPS)
    .option('--out <file>', 'where to write them; default: standard output')
    .action(async (names: readonly string[], _options, command) => {
      const options = optionsOf<TypesOptions>(command);
      const groups = groupsOf(names);
      for (const group of groups) compiled(group);
      const text = typesOf(groups);
      if (options.out === undefined) return print(cli, text);
      refuseToOverwrite('--out', options.out, names);
      const file = await createFile(options.out);
      await put(file, text);
      await closeFile(file);
      note(cli, `${options.out}: types of ${groups.flatMap(({ events }) => Object.keys(events)).length} events.`);
    });
}

/** @throws UsageError naming the group and what is wrong with it */
function groupsOf(names: readonly string[]): readonly EventGroup[] {
  return (names.length === 0 ? SHIPPED_GROUPS : names).map((name) => orSayWhy(() => readGroup(name)));
}

/** Its events are schemas that can be checked by. @returns how many there are */
function compiled(group: EventGroup): number {
  return orSayWhy(() => compileGroup(group)).length;
}

function orSayWhy<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isKenalError(error, 'bad_config')) throw new UsageError(error.detail ?? error.message);
    throw error;
  }
}

function rowsOf({ group, version, events }: EventGroup): readonly string[][] {
  return Object.entries(events).map(([name, { required, description }]) => [
    ...[`${group}.v${version}`, name],
    ...[required.join(', '), description],
  ]);
}
