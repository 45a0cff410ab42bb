import { type KenalConfig, MICROS_PER_MILLI, RECORD_KINDS, type RecordKind } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { readKenalConfig } from '@kenal/service-kit';
import { oneOf } from '../cli/choices.ts';
import { type Cli, type CommonOptions, dataDirOf, note } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count, createProgress } from '../cli/progress.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readEndpoints } from '../client/endpoints.ts';
import type { Instance } from '../client/instance.ts';
import { waitUntilStored } from '../client/settled.ts';
import { withInstance } from '../client/with-instance.ts';
import type { MappingFile } from '../import/mapping-file.ts';
import type { PreparedImport } from '../import/prepare.ts';
import { createResumeFile, type ResumeFile } from '../import/resume.ts';
import type { ImportJob, ImportResult } from '../import/run-import.ts';
import { type AddCommand, optionsOf } from './command.ts';
import { reportCheck, reportImport } from './import-report.ts';
import { firstTimezone, sourceOf } from './import-source.ts';

interface ImportOptions extends CommonOptions {
  readonly kind?: RecordKind;
  readonly map?: string;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly wait: boolean;
}

/** For what was accepted before: else it would count as this import's. */
const WAIT_BEFORE_MS = 60_000;
const WAIT_AFTER_MS = 600_000;
const KIND = oneOf('--kind', RECORD_KINDS);

export const addImport: AddCommand = (program, cli) => {
  program
    .command('import')
    .description('bring in a CSV, NDJSON or JSON file (also .gz); again adds nothing twice')
    .argument('<file>', 'the file')
    .option('--map <mapping.yaml>', 'what its columns mean (services/kenal/README.md, "import"); needed without --kind')
    .option('--kind <kind>', `the rows are no events but records: ${RECORD_KINDS.join(', ')}`, KIND)
    .option('--source <id>', 'source that the rows come from (default: the mapping’s, else import)')
    .option('--dry-run', 'check every row, show the first ones as interactions, and send nothing')
    .option('--resume', 'go on where the last run was cut short (it does so by itself; this says so aloud)')
    .option('--restart', 'begin at the first row, whatever was sent before')
    .option('--no-wait', 'end when everything is accepted, before it can be asked for')
    .action(async (file: string, _options, command) => {
      const options = optionsOf<ImportOptions>(command);
      if (options.resume && options.restart) throw new UsageError('--resume and --restart say opposite things');
      if (options.kind !== undefined) {
        if (options.resume || options.restart) throw new UsageError('records are always sent from the first row');
        const { importRecords } = await import('./import-records.ts');
        return importRecords(cli, file, { ...options, kind: options.kind });
      }
      if (options.map === undefined)
        throw new UsageError('say what the columns mean with --map (or --kind, of records)');
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
      await checkFile(cli, await prepareImport(file, mapping, timezone), options);
    });
};

async function importFile(
  cli: Cli,
  file: string,
  mapping: MappingFile,
  instance: Instance,
  options: ImportOptions,
): Promise<void> {
  const { createNobodyCount, growthOf, normaliserFor, prepareImport, revocationInWords, revocationOf, takeCensus } =
    await import('../import/index.ts');
  const source = sourceOf(instance, options.source ?? mapping.mapping.source);
  const prepared = await prepareImport(file, mapping, instance.timezone);
  const resume = resumeFileOf(cli, file, prepared, instance, source, options);
  if (options.resume && resume.load() === null)
    throw new UsageError(`there is nothing to go on with: ${file} was not begun with this mapping, or came to its end`);

  const revoked = await revocationOf(instance, source);
  if (revoked !== null) note(cli, `! ${revocationInWords(revoked, source ?? '')}`);
  const began = performance.now();
  const stored = async (timeoutMs: number): Promise<boolean | null> =>
    options.wait ? waitUntilStored(instance, source, timeoutMs) : null;
  const before = async () => ((await stored(WAIT_BEFORE_MS)) ? takeCensus(instance, source) : null);
  const key = instance.writeKey(source);
  const config = localConfigOf(cli, instance);
  const workspace = options.workspace ?? instance.endpoints?.workspace;
  const nobodies = config === undefined ? null : createNobodyCount(normaliserFor(config, workspace, source));
  const result = await send(cli, { prepared, url: instance.url, key, resume, before, nobodies }, options);
  const isStored = await stored(WAIT_AFTER_MS);
  const growth = isStored ? growthOf(result.before, await takeCensus(instance, source), result.accepted) : null;
  const seconds = (performance.now() - began) / 1_000;
  reportImport(
    cli,
    { ...result, growth, stored: isStored, seconds, revoked, nobodies: nobodies?.found() ?? null },
    options.json === true,
  );
}

type Job = Pick<ImportJob, 'prepared' | 'url' | 'key' | 'resume' | 'before' | 'nobodies'>;

/** Run it with a bar; Ctrl-C leaves where to go on. */
async function send(cli: Cli, job: Job, options: ImportOptions): Promise<ImportResult> {
  const { runImport } = await import('../import/index.ts');
  const { path, size } = job.prepared.text;
  const began = performance.now();
  const bar = createProgress(cli, 'Importing', size, options.json === true);
  let rows = 0;
  const interrupted = (): never => {
    bar.stop();
    note(cli, `Stopped after about ${count(rows)} rows; the same command goes on where this one ended.`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', interrupted);
  try {
    return await runImport({
      ...job,
      restart: options.restart === true,
      errorsPath: `${path}.errors.ndjson`,
      onProgress: (progress) => {
        rows = progress.rows;
        bar.update(progress.bytes, rateLabel(rows, began));
      },
      onRetry: (error, waitMs) => note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`),
    });
  } finally {
    bar.stop();
    process.off('SIGINT', interrupted);
  }
}

async function checkFile(cli: Cli, prepared: PreparedImport, options: ImportOptions): Promise<void> {
  const { checkImport, normaliserFor, undeclaredTypes } = await import('../import/index.ts');
  const { loadKenalConfig } = await import('@kenal/service-kit');
  const loaded = loadKenalConfig({ path: cli.env.KENAL_CONFIG || undefined, environment: cli.env });
  const slip = undeclaredTypes(Object.keys(prepared.mapping.mapping.identifiers), loaded?.config ?? null);
  if (slip !== null) note(cli, `! ${slip}`);
  const began = performance.now();
  const bar = createProgress(cli, 'Checking', prepared.text.size, options.json === true);
  const now = Date.now() * MICROS_PER_MILLI;
  const workspace = options.workspace ?? readEndpoints(dataDirOf(cli, options))?.workspace;
  const source = options.source ?? prepared.mapping.mapping.source;
  const normalise = normaliserFor(loaded?.config ?? null, workspace, source);
  const tell = (bytes: number, rows: number): void => bar.update(bytes, rateLabel(rows, began));
  const check = await checkImport(prepared, now, normalise, tell).finally(() => bar.stop());
  reportCheck(cli, prepared, check, options.json === true);
}

/** @returns null where Kenal has no kenal.yaml; undefined where that cannot be told: it runs elsewhere, or the file has a fault */
function localConfigOf(cli: Cli, { endpoints }: Instance): KenalConfig | null | undefined {
  if (endpoints === null) return undefined;
  try {
    return readKenalConfig(cli.env.KENAL_CONFIG || undefined)?.config ?? null;
  } catch (error) {
    if (isKenalError(error, 'bad_config')) return undefined;
    throw error;
  }
}

function resumeFileOf(
  cli: Cli,
  file: string,
  { text: { size, modified }, mapping }: PreparedImport,
  instance: Instance,
  source: string | undefined,
  options: ImportOptions,
): ResumeFile {
  return createResumeFile(dataDirOf(cli, options), {
    file,
    size,
    modified,
    mapping: mapping.text,
    source: source ?? instance.writeKey(source).slice(0, 8),
    // An instance that is opened for one command has another port each time
    url: options.url ?? instance.endpoints?.workspace ?? 'local',
    workspace: options.workspace ?? '',
  });
}

function rateLabel(rows: number, began: number): string {
  return `${count(rows)} rows · ${count(rows / ((performance.now() - began) / 1_000))}/s`;
}
