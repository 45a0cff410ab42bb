import { JOB_STATES } from '@kenal/contracts';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { findJob, type JobShown, type JobsAsked, listJobs, retryJob } from '../client/jobs.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

const WIDTH = 240;

/** `kenal jobs`: work that may wait, and how it goes. */
export function addJobs(program: Command, cli: Cli): void {
  const jobs = program.command('jobs').description('work that may wait: what runs, what waits, what is dead and why');
  jobs
    .command('ls')
    .description('jobs of the workspace, those that are done left out')
    .option('--name <name>', 'of this kind only')
    .option('--state <state>', `in this state only: ${JOB_STATES.join(', ')}`)
    .option('--limit <n>', 'how many at most (default 100)')
    .action(async (_options, command) => {
      const { json, name, state, limit, ...options } = optionsOf<CommonOptions & JobsAsked>(command);
      const found = await listJobs(await runningInstance(cli, options), { name, state, limit });
      if (json === true) return printJson(cli, { jobs: found });
      const head = ['name', 'id', 'state', 'attempt', 'next run', 'of', 'progress', ''];
      const rows = found.map((job) => [
        ...[job.name, job.id, job.state, `${job.attempt} of ${job.attempts}`, job.runAt.slice(0, 19)],
        ...[subjectText(job), progressText(job), plainText(job.lastError ?? '')],
      ]);
      print(cli, table([head, ...rows], WIDTH));
    });
  jobs
    .command('show')
    .description('one job: state, attempts, next run, progress, last error, what it is about')
    .argument('<name>', 'as `jobs ls` names it')
    .argument('<id>')
    .action(async (name: string, id: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      show(cli, await findJob(await runningInstance(cli, options), name, id), options);
    });
  jobs
    .command('retry')
    .description('make a dead job wait again, with fresh attempts; one that waits for its next attempt makes it now')
    .argument('<name>', 'as `jobs ls` names it')
    .argument('<id>')
    .action(async (name: string, id: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      show(cli, await retryJob(await runningInstance(cli, options), name, id), options);
    });
}

function show(cli: Cli, job: JobShown, { json }: CommonOptions): void {
  const lines: [string, string][] = [
    ['Job', `${job.name} ${job.id}`],
    ['State', job.state],
    ['Attempt', `${job.attempt} of ${job.attempts}`],
    ['Next run', job.runAt],
    ['Progress', progressText(job)],
    ['Of', subjectText(job)],
    ['Group', job.group ?? ''],
    ['Last error', plainText(job.lastError ?? '')],
    ['About', plainText(JSON.stringify(job.data))],
  ];
  if (json === true) printJson(cli, job);
  else print(cli, pairs(lines.filter(([, value]) => value !== '')));
}

/** What the job, or the schedule, is of: a mart, several, an export, an endpoint's event. */
const SUBJECTS = ['mart', 'marts', 'export', 'type', 'cron'] as const;

// marts customer_day triggers, cron */5 * * * *
function subjectText({ data }: JobShown): string {
  const said = SUBJECTS.filter((name) => data[name] !== undefined);
  return plainText(said.map((name) => `${name} ${[data[name]].flat().join(' ')}`).join(', '));
}

function progressText({ progress }: JobShown): string {
  if (progress === null) return '';
  const { done, total, note } = progress;
  return plainText(`${total === null ? done : `${done} of ${total}`} ${note}`).trim();
}
