import type { Command } from 'commander';
import type { Cli, CommonOptions } from '../cli/cli.ts';
import { dataDirOf, note, print, printJson } from '../cli/cli.ts';
import { count, createProgress, type Progress } from '../cli/progress.ts';
import { table } from '../cli/table.ts';
import type { RebuildProgress, RebuiltWorkspace } from '../identity/index.ts';
import { optionsOf } from './command.ts';

const HELP = `
For a state that is lost (Redis flushed, state/identity.db deleted or restored from long ago) while the log has dropped
older events, or that was emptied so that events of before get their owner by the rules of today (other blocked values,
another priority): their rows in SQL get it too. Nothing else may write meanwhile, so Kenal must be stopped, or with servers
of their own each identity-resolver. A state that is not empty is not overwritten, also not with --workspace: empty it first
(delete state/identity.db, flush Redis). Cut off it can be run again. Where all runs in one process, \`kenal up\` does this by
itself for a state that is lost.`;

export function addIdentityRebuild(identity: Command, cli: Cli): void {
  identity
    .command('rebuild')
    .description('make the identity state anew from the warehouse, of --workspace or of all whose state is empty')
    .addHelpText('after', HELP)
    .action(async (_options, command) => rebuild(cli, optionsOf<CommonOptions>(command)));
}

async function rebuild(cli: Cli, options: CommonOptions): Promise<void> {
  const { runRebuild } = await import('../identity/index.ts');
  const bars = createBars(cli, options.json === true);
  const rebuilt = await runRebuild({
    environment: cli.env,
    dataDir: dataDirOf(cli, options),
    workspace: options.workspace,
    onStep: (step) => (options.json === true ? undefined : note(cli, `${step} …`)),
    onProgress: bars.update,
  }).finally(bars.stop);
  if (options.json === true) return printJson(cli, { workspaces: rebuilt });
  const head = ['workspace', 'interactions', 'of another owner', 'profiles published', 'changes told', 'seconds'];
  print(cli, table([head, ...rebuilt.map(rowOf)]));
}

function rowOf({ workspace, interactions, owned, published, told, seconds }: RebuiltWorkspace): string[] {
  return [workspace, count(interactions), count(owned), count(published), count(told), seconds.toFixed(1)];
}

const TITLES: Readonly<Record<RebuildProgress['phase'], string>> = {
  ordering: 'Ordering interactions',
  deciding: 'Deciding who is who',
  owners: 'Writing rows whose owner is another one',
  comparing: 'Comparing with what was published',
  telling: 'Looking for what has to be told',
};

/** A bar for each phase of each workspace. */
function createBars(cli: Cli, quiet: boolean) {
  let name = '';
  let bar: Progress | null = null;
  return {
    update({ workspace, phase, done, total }: RebuildProgress): void {
      if (name !== `${workspace} ${phase}`) {
        bar?.stop();
        name = `${workspace} ${phase}`;
        bar = createProgress(cli, `${TITLES[phase]} (${workspace})`, total, quiet);
      }
      bar?.update(total === 0 ? 0 : done, count(done));
    },
    stop: () => bar?.stop(),
  };
}
