import { ALL_VERBS, KEY_FIELDS } from '@kenal/contracts';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { table } from '../cli/table.ts';
import { createKey, listKeys, revokeKey } from '../client/keys.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface AddOptions extends CommonOptions {
  readonly verbs: readonly string[];
  readonly fields?: readonly string[];
}

/** `kenal keys`: who may read what. */
export function addKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('who may read what: keys with a scope, made and taken back');
  keys
    .command('ls')
    .description('keys of the workspace: those of kenal.yaml and those that were made here')
    .action(async (_options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const found = await listKeys(await runningInstance(cli, options));
      if (options.json === true) return printJson(cli, { keys: found });
      const head = ['key', 'from', 'verbs', 'fields', 'hash', 'since', 'by'];
      const rows = found.map(({ name, from, verbs, fields, hash, createdAt, createdBy }) => [
        ...[name, from, verbs.join(' '), fields?.join(' ') ?? 'all', hash, createdAt ?? '', createdBy ?? ''],
      ]);
      print(cli, table([head, ...rows], 240));
    });
  keys
    .command('add')
    .description('make a key; it is shown once, and kept as a hash only')
    .argument('<name>', 'as audits call it: lower case letters, digits, - and _')
    .requiredOption('--verbs <verbs>', `what it may do, with commas: ${ALL_VERBS.join(', ')}`, listOf)
    .option(
      '--fields <fields>',
      `parts of a profile that it sees, with commas: ${KEY_FIELDS.join(', ')}, or traits.email, identifiers.user_id …; without it all`,
      listOf,
    )
    .action(async (name: string, _options, command) => {
      const options = optionsOf<AddOptions>(command);
      const { verbs, fields = null } = options;
      const made = await createKey(await runningInstance(cli, options), { name, verbs, fields });
      if (options.json === true) return printJson(cli, made);
      note(cli, `Key ${name} may: ${made.verbs.join(', ')}. Keep it: it is not shown again.`);
      print(cli, made.key);
    });
  keys
    .command('rm')
    .description('take a key back: it opens nothing any more')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await revokeKey(await runningInstance(cli, options), name);
      if (options.json === true) return printJson(cli, { name, revoked: true });
      print(cli, `Key ${name} opens nothing any more.`);
    });
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}
