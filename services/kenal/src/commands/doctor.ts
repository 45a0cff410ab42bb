import { type Cli, type CommonOptions, dataDirOf, print, printJson, wantsColour } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import type { Finding } from '../doctor/finding.ts';
import { type AddCommand, optionsOf } from './command.ts';

const COLOURS = { ok: 32, warn: 33, fail: 31 } as const;

export const addDoctor: AddCommand = (program, cli) => {
  program
    .command('doctor')
    .description('look whether this machine, this data directory and the running Kenal are well, and say what to do')
    .action(async (_options, command) => examine(cli, optionsOf<CommonOptions>(command)));
};

async function examine(cli: Cli, options: CommonOptions): Promise<void> {
  const { runChecks } = await import('../doctor/run-checks.ts');
  const findings = await runChecks({
    environment: cli.env,
    dataDir: dataDirOf(cli, options),
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  if (options.json) printJson(cli, { ok: findings.every(({ state }) => state !== 'fail'), findings });
  else for (const finding of findings) print(cli, lineOf(finding, wantsColour(cli, cli.out)));
  if (findings.some(({ state }) => state === 'fail')) process.exitCode = EXIT.failed;
}

function lineOf({ state, name, detail, advice }: Finding, colour: boolean): string {
  const mark = state.padEnd(4);
  const painted = colour ? `\u001b[${COLOURS[state]}m${mark}\u001b[0m` : mark;
  return `${painted}  ${name.padEnd(18)}  ${detail}${advice === undefined ? '' : `\n      → ${advice}`}`;
}
