import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Cli, type CommonOptions, note, print } from '../cli/cli.ts';
import { refuseToOverwrite } from '../cli/output-file.ts';
import { count, createProgress } from '../cli/progress.ts';
import { pairs } from '../cli/table.ts';
import type { EvaluationResult } from '../identity/index.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { addIdentityLink } from './identity-link.ts';
import { addIdentityRebuild } from './identity-rebuild.ts';
import { addIdentityReviews } from './identity-reviews.ts';
import { addIdentityRules } from './identity-rules.ts';
import { addIdentityVerbs } from './identity-verbs.ts';

interface EvaluateOptions extends CommonOptions {
  readonly map: string;
  readonly clusters?: string;
}

/** Bytes of a file from which on a second thread is worth its start. */
const WORTH_A_THREAD = 500_000;

export const addIdentity: AddCommand = (program, cli) => {
  const identity = program.command('identity').description('who is who: explain, decide, link records of people');
  identity
    .command('evaluate')
    .description('find the people in a table of records, and say how well where the table holds the truth')
    .argument('<file>', 'CSV (also .gz, NDJSON), a record a row')
    .requiredOption('--map <mapping.yaml>', 'what its columns mean (services/kenal/README.md, "identity evaluate")')
    .option('--clusters <file>', 'write id and cluster of each record there, as CSV')
    .action(async (file: string, _options, command) => evaluateFile(cli, file, optionsOf<EvaluateOptions>(command)));
  addIdentityVerbs(identity, cli);
  addIdentityRebuild(identity, cli);
  addIdentityLink(identity, cli);
  addIdentityReviews(identity, cli);
  addIdentityRules(identity, cli);
};

async function evaluateFile(cli: Cli, file: string, options: EvaluateOptions): Promise<void> {
  const { openHelper, readPeople, readPeopleMapping, runEvaluate, writeClusters } = await import(
    '../identity/index.ts'
  );
  const began = performance.now();
  const quiet = options.json === true;
  if (options.clusters !== undefined) refuseToOverwrite('--clusters', options.clusters, [file, options.map]);
  const mapping = readPeopleMapping(options.map);
  const bar = createProgress(cli, 'Reading', sizeOf(file), quiet);
  const thread = sizeOf(file) >= WORTH_A_THREAD && availableParallelism() > 1 ? openHelper() : undefined;
  const people = await readPeople(
    file,
    mapping,
    options.map,
    (bytes, rows) => bar.update(bytes, `${count(rows)} rows`),
    thread,
  ).finally(() => bar.stop());
  const { count: broken, first } = people.broken;
  if (broken > 0) note(cli, `! ${count(broken)} rows cannot be read and are left out; the first: ${first}`);
  if (people.columns.length === 0)
    note(
      cli,
      `! ${options.map} names no identifiers, traits or other columns, so nothing was compared: each record is a person of its own`,
    );
  const onStep = (step: string): void => (quiet || cli.err.isTTY !== true ? undefined : note(cli, `${step} …`));
  let result: EvaluationResult;
  try {
    result = runEvaluate(people, onStep, thread?.linkage(people.columns));
  } finally {
    await thread?.close();
  }
  if (options.clusters !== undefined) await writeClusters(options.clusters, people.idOf, result.clusterOf);
  const seconds = Math.round(performance.now() - began) / 1_000;
  report(cli, result, seconds, quiet);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function report(cli: Cli, { evaluation, dropped }: EvaluationResult, seconds: number, json: boolean): void {
  // One line: whatever reads it takes the last one
  if (json) {
    print(cli, JSON.stringify({ ...evaluation, seconds }));
    return;
  }
  const { records, clusters, largest, truePairs, precision = 0, recall = 0, f1 = 0, b3 } = evaluation;
  const share = (value: number): string => value.toFixed(4);
  print(
    cli,
    pairs([
      ['records', count(records)],
      ['people found', `${count(clusters)}, the largest with ${count(largest)} records`],
      ...(truePairs === undefined || b3 === undefined
        ? []
        : ([
            ['true pairs', count(truePairs)],
            ['pairs', `precision ${share(precision)}, recall ${share(recall)}, F1 ${share(f1)}`],
            ['records (B³)', `precision ${share(b3.precision)}, recall ${share(b3.recall)}, F1 ${share(b3.f1)}`],
          ] as const)),
      ['seconds', seconds.toFixed(1)],
    ]),
  );
  if (dropped.blocks > 0)
    note(
      cli,
      `${count(dropped.blocks)} blocks with ${count(dropped.records)} records were too large to compare by that key alone.`,
    );
}
