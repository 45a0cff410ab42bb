import { KenalError } from '@kenal/errors';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { pairs } from '../cli/table.ts';
import type { Instance } from '../client/instance.ts';
import { askForPass, followPass, type PassShown } from '../client/linking.ts';
import { withInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface LinkCommandOptions extends CommonOptions {
  readonly retrain?: boolean;
  readonly wait?: boolean;
}

/** `kenal identity link`: the code of `evaluate` over the records of live profiles. */
export function addIdentityLink(identity: Command, cli: Cli): void {
  identity
    .command('link')
    .description(
      'find records of one person among all profiles by probability: join the sure ones, ask about the others',
    )
    .option('--retrain', 'learn a new model, however young the one in force is')
    .option('--wait', 'until the pass is over, and say what it came to')
    .action(async (_options, command) => {
      const options = optionsOf<LinkCommandOptions>(command);
      await withInstance(cli, options, (instance) => link(cli, instance, options));
    });
}

async function link(cli: Cli, instance: Instance, { retrain, wait, json }: LinkCommandOptions): Promise<void> {
  const asked = await askForPass(instance, retrain === true);
  // An instance that this process opened for the command is gone after it
  const follows = wait === true || instance.endpoints?.pid === process.pid;
  const quiet = json === true || cli.err.isTTY !== true;
  const tell = ({ state, step, error }: PassShown): void => {
    if (!quiet) note(cli, `${step ?? state}${error === null ? '' : ` (${error})`} …`);
  };
  const pass = follows ? await followPass(instance, asked.job, tell) : asked;
  if (json === true) printJson(cli, pass);
  else print(cli, follows ? report(pass) : `Pass ${pass.job} is asked for; --wait waits for it.`);
  if (pass.state === 'dead') throw new KenalError('job_failed', `the pass failed: ${pass.error ?? 'nobody knows why'}`);
}

function report({ records, pairs: found, links, withdrawn, suggestions, model, learnt }: PassShown): string {
  return pairs([
    ['records', count(records)],
    ['model', model === null ? 'none' : `${model}${learnt ? ', learnt now' : ''}`],
    ['likely pairs', count(found)],
    ['joined now', `${count(links)} pairs`],
    ['to be decided', `${count(suggestions)} new pairs (kenal identity reviews ls)`],
    ['taken back', count(withdrawn)],
  ]);
}
