import { MICROS_PER_MILLI, type RecordKind } from '@kenal/contracts';
import { type Cli, type CommonOptions, dataDirOf, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count, createProgress } from '../cli/progress.ts';
import { pairs, plainText } from '../cli/table.ts';
import { readEndpoints } from '../client/endpoints.ts';
import type { Instance } from '../client/instance.ts';
import { waitUntilStored } from '../client/settled.ts';
import { withInstance } from '../client/with-instance.ts';
import type { RecordsCheck, RecordsResult } from '../import/records/index.ts';
import { listErrors } from './import-report.ts';
import { firstTimezone, sourceOf } from './import-source.ts';

export interface RecordsOptions extends CommonOptions {
  readonly kind: RecordKind;
  readonly map?: string;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly wait: boolean;
}

const WAIT_MS = 600_000;

/** `kenal import FILE --kind …`: send a file of reference records, or check it. */
export async function importRecords(cli: Cli, file: string, options: RecordsOptions): Promise<void> {
  if (options.dryRun) return checkFile(cli, file, options);
  await withInstance(cli, options, (instance) => sendFile(cli, file, instance, options), 'where-missing');
}

async function sendFile(cli: Cli, file: string, instance: Instance, options: RecordsOptions): Promise<void> {
  const { prepareRecords, runRecords } = await import('../import/records/index.ts');
  const prepared = await prepareRecords(file, options.kind, options.map, instance.timezone);
  const source = sourceOf(instance, options.source ?? prepared.source);
  const bar = createProgress(cli, 'Importing', prepared.text.size, options.json === true);
  const result = await runRecords({
    ...{ prepared, url: instance.url, key: instance.writeKey(source), errorsPath: `${file}.errors.ndjson` },
    onProgress: (bytes, rows) => bar.update(bytes, `${count(rows)} rows`),
    onRetry: (error, waitMs) => note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`),
  }).finally(() => bar.stop());
  reportResult(cli, result, options.wait ? await waitUntilStored(instance, source, WAIT_MS) : null, options.json);
}

async function checkFile(cli: Cli, file: string, options: RecordsOptions): Promise<void> {
  const { checkRecords, prepareRecords } = await import('../import/records/index.ts');
  const { loadKenalConfig } = await import('@kenal/service-kit');
  const dataDir = dataDirOf(cli, options);
  const prepared = await prepareRecords(file, options.kind, options.map, firstTimezone(dataDir));
  const loaded = loadKenalConfig({ path: cli.env.KENAL_CONFIG || undefined, environment: cli.env });
  const workspaces = loaded?.config.workspaces ?? [];
  const endpoints = readEndpoints(dataDir);
  const id = options.workspace ?? endpoints?.workspace;
  const workspace = workspaces.find((one) => one.id === id) ?? workspaces[0];
  const currency = workspace?.currency ?? endpoints?.workspaces[endpoints.workspace]?.currency ?? 'EUR';
  const declaredTypes = workspace?.identity.types ?? [];
  const source = { workspace: workspace?.id ?? 'dev', id: options.source ?? 'import', currency, declaredTypes };
  reportCheck(cli, await checkRecords(prepared, { source, receivedAt: Date.now() * MICROS_PER_MILLI }), options.json);
}

function reportResult(cli: Cli, result: RecordsResult, stored: boolean | null, json = false): void {
  const { rows, accepted, rejected, errors, errorsPath } = result;
  if (json) printJson(cli, { rows, accepted, rejected, stored, errors, errorsFile: errorsPath });
  else {
    listErrors(cli, errors, rejected, errorsPath);
    const where = errorsPath === null ? '' : ` (see ${errorsPath})`;
    print(
      cli,
      pairs([
        ['rows', count(rows)],
        ['accepted', count(accepted)],
        ['rejected', `${count(rejected)}${where}`],
        ['stored', stored === null ? 'not waited for' : stored ? 'yes' : 'not yet'],
      ]),
    );
  }
  if (rejected > 0 || stored === false) process.exitCode = EXIT.failed;
}

function reportCheck(cli: Cli, check: RecordsCheck, json = false): void {
  const { preview, errors, badByColumn, ...counts } = check;
  if (json) printJson(cli, { records: preview, checked: { ...counts, badByColumn, errors } });
  else {
    for (const record of preview) print(cli, JSON.stringify(record, null, 2));
    listErrors(cli, errors, counts.bad, null);
    const columns = Object.entries(badByColumn).map(
      ([column, rows]) => [`  ${column === '' ? 'the row as a whole' : plainText(column)}`, count(rows)] as const,
    );
    print(
      cli,
      pairs([['rows', count(counts.rows)], ['good', count(counts.good)], ['bad', count(counts.bad)], ...columns]),
    );
    note(cli, 'Nothing was sent. Without --dry-run all good rows are.');
  }
  if (counts.bad > 0) process.exitCode = EXIT.failed;
}
