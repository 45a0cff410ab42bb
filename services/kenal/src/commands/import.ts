import { type Cli, type CommonOptions, dataDirOf, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count, createProgress } from '../cli/progress.ts';
import { pairs, plainText } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readEndpoints } from '../client/endpoints.ts';
import type { Instance } from '../client/instance.ts';
import { waitUntilStored } from '../client/settled.ts';
import { withInstance } from '../client/with-instance.ts';
import type { MappingFile } from '../import/mapping-file.ts';
import type { PreparedImport } from '../import/prepare.ts';
import { createResumeFile } from '../import/resume.ts';
import type { ImportProgress, ImportResult } from '../import/run-import.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface ImportOptions extends CommonOptions {
  readonly map: string;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly wait: boolean;
}

const PREVIEW_ROWS = 5;
const WAIT_MS = 600_000;
const DEFAULT_SOURCES = ['import', 'cli'];

export const addImport: AddCommand = (program, cli) => {
  program
    .command('import')
    .description('bring in a CSV, NDJSON or JSON file (also .gz); again adds nothing twice')
    .argument('<file>', 'the file')
    .requiredOption('--map <mapping.yaml>', 'what its columns mean (services/kenal/README.md, "import")')
    .option('--source <id>', 'source that the rows come from (default: the mapping’s, else import)')
    .option('--dry-run', 'show the first rows as interactions and send nothing')
    .option('--resume', 'go on where the last run was cut short (it does so by itself; this says so aloud)')
    .option('--restart', 'begin at the first row, whatever was sent before')
    .option('--no-wait', 'end when everything is accepted, before it can be asked for')
    .action(async (file: string, _options, command) => {
      const options = optionsOf<ImportOptions>(command);
      if (options.resume && options.restart) throw new UsageError('--resume and --restart say opposite things');
      const { prepareImport, readMappingFile } = await import('../import/index.ts');
      const mapping = readMappingFile(options.map);
      if (!options.dryRun)
        return withInstance(
          cli,
          options,
          (instance) => importFile(cli, file, mapping, instance, options),
          'where-missing',
        );
      const timezone = firstTimezone(dataDirOf(cli, options));
      await preview(cli, await prepareImport(file, mapping, timezone), options);
    });
};

async function importFile(
  cli: Cli,
  file: string,
  mapping: MappingFile,
  instance: Instance,
  options: ImportOptions,
): Promise<void> {
  const { prepareImport, runImport } = await import('../import/index.ts');
  const source = sourceOf(instance, options.source ?? mapping.mapping.source);
  const key = instance.writeKey(source);
  const prepared = await prepareImport(file, mapping, instance.timezone);
  const { size, modified } = prepared.text;
  const resume = createResumeFile(dataDirOf(cli, options), {
    file,
    size,
    modified,
    mapping: mapping.text,
    source: source ?? key.slice(0, 8),
    // An instance that is opened for one command has another port each time
    url: options.url ?? instance.endpoints?.workspace ?? 'local',
    workspace: options.workspace ?? '',
  });
  if (options.resume && resume.load() === null)
    throw new UsageError(`there is nothing to go on with: ${file} was not begun with this mapping, or came to its end`);

  const began = performance.now();
  const bar = createProgress(cli, 'Importing', size, options.json === true);
  let rows = 0;
  const interrupted = (): never => {
    bar.stop();
    note(cli, `Stopped after about ${count(rows)} rows; the same command goes on where this one ended.`);
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  const result = await runImport({
    prepared,
    url: instance.url,
    key,
    resume,
    restart: options.restart === true,
    errorsPath: `${file}.errors.ndjson`,
    onProgress: (progress) => {
      rows = progress.rows;
      bar.update(progress.bytes, rateLabel(progress, began));
    },
    onRetry: (error, waitMs) => note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`),
  }).finally(() => bar.stop());
  process.off('SIGINT', interrupted);
  const stored = options.wait ? await waitUntilStored(instance, source, result.lastIds, WAIT_MS) : null;
  report(cli, result, stored, (performance.now() - began) / 1_000, options);
}

function sourceOf(instance: Instance, asked: string | undefined): string | undefined {
  if (asked !== undefined) return instance.endpoints === null ? undefined : asked;
  return DEFAULT_SOURCES.find((source) => instance.sources.includes(source));
}

/** Of the instance that runs here, so that a dry run shows times as an import would send them. */
function firstTimezone(dataDir: string): string {
  const endpoints = readEndpoints(dataDir);
  return endpoints?.workspaces[endpoints.workspace]?.timezone ?? 'UTC';
}

function rateLabel({ rows }: ImportProgress, began: number): string {
  return `${count(rows)} rows · ${count(rows / ((performance.now() - began) / 1_000))}/s`;
}

function report(cli: Cli, result: ImportResult, stored: boolean | null, seconds: number, options: ImportOptions): void {
  const { rows, accepted, rejected, withoutIdentifier, resumedAt, errors, errorsPath } = result;
  const summary = {
    rows,
    accepted,
    rejected,
    withoutIdentifier,
    resumedAt,
    stored,
    seconds: Math.round(seconds * 10) / 10,
  };
  if (options.json) printJson(cli, { ...summary, errors, errorsFile: errorsPath });
  else {
    for (const { line, column, reason } of errors)
      note(cli, `line ${line}${column === '' ? '' : `, ${column}`}: ${plainText(reason)}`);
    if (rejected > errors.length && errors.length > 0)
      note(cli, `… and ${count(rejected - errors.length)} more in ${errorsPath}`);
    print(
      cli,
      pairs([
        ['rows', count(rows)],
        ['accepted', count(accepted)],
        ['rejected', errorsPath === null ? count(rejected) : `${count(rejected)} (see ${errorsPath})`],
        ['without identifier', count(withoutIdentifier)],
        ...(resumedAt > 0 ? [['went on after row', count(resumedAt)] as const] : []),
        ['stored', stored === null ? 'not waited for' : stored ? 'yes' : 'not yet'],
        ['seconds', summary.seconds.toFixed(1)],
      ]),
    );
  }
  if (rejected > 0 || stored === false) process.exitCode = EXIT.failed;
}

async function preview(cli: Cli, prepared: PreparedImport, options: ImportOptions): Promise<void> {
  const shown: unknown[] = [];
  for await (const group of prepared.rows.rows()) {
    for (const read of group.slice(0, PREVIEW_ROWS - shown.length)) {
      const made = read.ok
        ? prepared.toEvent(read.row)
        : { ok: false as const, column: '', reason: read.broken.reason };
      const line = read.ok ? read.row.line : read.broken.line;
      shown.push(
        made.ok ? { line, interaction: made.event } : { line, error: { column: made.column, reason: made.reason } },
      );
    }
    if (shown.length >= PREVIEW_ROWS) break;
  }
  const { format, columns } = prepared.rows;
  if (options.json)
    return printJson(cli, { format, encoding: prepared.text.encoding, columns, zone: prepared.zone, rows: shown });
  note(cli, `${format}, ${prepared.text.encoding}, times in ${prepared.zone}; columns: ${columns.join(', ')}`);
  for (const row of shown) print(cli, JSON.stringify(row, null, 2));
  note(cli, 'Nothing was sent. Without --dry-run all rows are.');
}
