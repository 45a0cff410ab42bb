import type { Command } from 'commander';
import { type Cli, type CommonOptions, note } from '../cli/cli.ts';
import type { Stores } from '../identity/rules/index.ts';
import { optionsOf } from './command.ts';
import { showRules } from './identity-rules-show.ts';
import { type SwitchOptions, switchRules } from './identity-rules-switch.ts';
import { tryAndTell } from './identity-rules-try.ts';

const FILE = ['<rules.yaml>', '`identity:` of a workspace, as in kenal.yaml'] as const;

/** `kenal identity rules`: see the rules in force, try others on what is stored, switch to them. */
export function addIdentityRules(identity: Command, cli: Cli): void {
  const rules = identity.command('rules').description('the rules by which people are told apart: show, try, switch');
  rules
    .command('show')
    .description('the rules in force, and since which decision; can be saved as a file for try and switch')
    .action(async (_options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await showRules(cli, await storesOf(cli, options), options.json === true);
    });
  rules
    .command('try')
    .description('what other rules would make of all that is stored; writes nothing')
    .argument(...FILE)
    .action(async (file: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await tryAndTell(cli, file, () => storesOf(cli, options), options.json === true);
    });
  rules
    .command('switch')
    .description('put other rules in force; everybody is decided again while events go on')
    .argument(...FILE)
    .requiredOption('--reason <text>', 'why; stands in the audit for ever')
    .option('--actor <name>', 'who decides; stands in the audit beside the key')
    .option('--wait', 'until everybody is decided again and SQL shows it')
    .action(async (file: string, _options, command) => switchRules(cli, file, optionsOf<SwitchOptions>(command)));
}

async function storesOf(cli: Cli, options: CommonOptions): Promise<Stores> {
  const { findStores } = await import('../identity/rules/index.ts');
  const stores = findStores(cli, options);
  if (stores.isNewer)
    note(
      cli,
      `! ${stores.path} was changed after Kenal was started: this goes by what it says now, the running Kenal by what it said then`,
    );
  return stores;
}
