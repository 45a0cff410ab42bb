import { Command } from 'commander';
import type { Cli } from './cli/cli.ts';
import { addBench } from './commands/bench.ts';
import { addCdr } from './commands/cdr.ts';
import { addChdbServer } from './commands/chdb-server.ts';
import type { AddCommand } from './commands/command.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addFailed } from './commands/failed.ts';
import { addGen } from './commands/gen.ts';
import { addIdentity } from './commands/identity.ts';
import { addImport } from './commands/import.ts';
import { addJobs } from './commands/jobs.ts';
import { addKeys } from './commands/keys.ts';
import { addMart } from './commands/mart.ts';
import { addModel } from './commands/model.ts';
import { addProfile } from './commands/profile.ts';
import { addRecommend } from './commands/recommend.ts';
import { addRules } from './commands/rules.ts';
import { addSchema } from './commands/schema.ts';
import { addSend } from './commands/send.ts';
import { addSources } from './commands/sources.ts';
import { addSql } from './commands/sql.ts';
import { addTail } from './commands/tail.ts';
import { addTrace } from './commands/trace.ts';
import { addUp } from './commands/up.ts';
import { addWebhooks } from './commands/webhooks.ts';
import { VERSION } from './version.ts';

const COMMANDS: readonly AddCommand[] = [
  addUp,
  addSend,
  addTail,
  addProfile,
  addSql,
  addImport,
  addCdr,
  addSources,
  addFailed,
  addTrace,
  addSchema,
  addIdentity,
  addMart,
  addExport,
  addKeys,
  addWebhooks,
  addJobs,
  addModel,
  addRules,
  addRecommend,
  addGen,
  addDoctor,
  addBench,
  addChdbServer,
];

const AFTER_HELP = `
Every command speaks to the running Kenal that endpoints.json in the data directory names (.kenal, or KENAL_DATA),
or to the one that --url and --key name.
Exit code: 0 done, 1 failed or not all of it got in, 2 asked for wrongly, 130 ended by Ctrl-C.`;

/** The commands of the CLI. @param quiet what is wrong with a command line is told by whoever runs it */
export function createProgram(cli: Cli, quiet: boolean): Command {
  const program = new Command('kenal')
    .description('Kenal, the open customer data platform: run it, feed it, ask it.')
    .version(VERSION, '-V, --version')
    .option('--url <url>', 'address of the Kenal to speak to')
    .option('--key <key>', 'write, read or steward key for it')
    .option('--data <dir>', 'data directory (default: KENAL_DATA, else .kenal)')
    .option('--workspace <id>', 'workspace, where there are several')
    .option('--json', 'answer in JSON, for programs')
    .addHelpText('after', AFTER_HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => cli.out.write(text),
      writeErr: (text) => quiet || cli.err.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'kenal:')),
    })
    .exitOverride();
  for (const add of COMMANDS) add(program, cli);
  for (const command of allBelow(program)) command.exitOverride().showHelpAfterError('(--help shows how)');
  return program;
}

function allBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => [each, ...allBelow(each)]);
}
