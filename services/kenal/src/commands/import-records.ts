import { MICROS_PER_MILLI, type RecordKind } from '@kenal/contracts';
import { type Cli, type CommonOptions, dataDirOf, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count, createProgress } from '../cli/progress.ts';
import { pairs, plainText } from '../cli/table.ts';
import { readEndpoints } from '../client/endpoints.ts';
import type { Instance } from '../client/instance.ts';
import { waitUntilStored } from '../client/settled.ts';
import { withInstance } from '../client/with-instance.ts';
import type { Revocation } from '../import/index.ts';
import type { RecordsCheck, RecordsGrowth, RecordsResult } from '../import/records/index.ts';
import { listErrors, unknownBecause } from './import-report.ts';
import { firstTimezone, sourceOf } from './import-source.ts';

export interface RecordsOptions extends CommonOptions {
  readonly kind: RecordKind;
  readonly map?: string;
  readonly source?: string;
  readonly dryRun?: boolean;
  readonly wait: boolean;
}

/** For what was accepted before: else it would count as this import's. */
const WAIT_BEFORE_MS = 60_000;
const WAIT_AFTER_MS = 600_000;

/** `kenal import FILE --kind …`: send a file of reference records, or check it. */
export async function importRecords(cli: Cli, file: string, options: RecordsOptions): Promise<void> {
  if (options.dryRun) return checkFile(cli, file, options);
  await withInstance(cli, options, (instance) => sendFile(cli, file, instance, options), 'where-missing');
}

async function sendFile(cli: Cli, file: string, instance: Instance, options: RecordsOptions): Promise<void> {
  const { countRecords, prepareRecords, recordsGrowth, runRecords } = await import('../import/records/index.ts');
  const { revocationOf } = await import('../import/index.ts');
  const prepared = await prepareRecords(file, options.kind, options.map, instance.timezone);
  const source = sourceOf(instance, options.source ?? prepared.source);
  const revoked = await revocationOf(instance, source);
  if (revoked !== null) note(cli, `! ${hiddenBecause(revoked, source ?? '')}`);
  const stored = async (timeoutMs: number): Promise<boolean | null> =>
    options.wait ? waitUntilStored(instance, source, timeoutMs) : null;
  // What a revoked source brings is in no view
  const before = revoked === null && (await stored(WAIT_BEFORE_MS)) ? await countRecords(instance, options.kind) : null;
  const bar = createProgress(cli, 'Importing', prepared.text.size, options.json === true);
  const result = await runRecords({
    ...{ prepared, url: instance.url, key: instance.writeKey(source), errorsPath: `${file}.errors.ndjson` },
    onProgress: (bytes, rows) => bar.update(bytes, `${count(rows)} rows`),
    onRetry: (error, waitMs) => note(cli, `waiting ${(waitMs / 1_000).toFixed(1)} s: ${error.message}`),
  }).finally(() => bar.stop());
  const isStored = await stored(WAIT_AFTER_MS);
  const after = before !== null && isStored ? await countRecords(instance, options.kind) : null;
  const growth = recordsGrowth(before, after, result.accepted);
  reportResult(cli, { ...result, growth, stored: isStored, revoked }, options.json);
}

function hiddenBecause({ directive, actor, reason }: Revocation, source: string): string {
  return (
    `source ${source} is revoked, so no view shows these records: ${actor} decided so (${reason}; directive ${directive}). ` +
    `kenal identity clear --source ${source} takes that back; or name another source with --source`
  );
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

interface RecordsOutcome extends RecordsResult {
  /** null where it cannot be told. */
  readonly growth: RecordsGrowth | null;
  /** Whether all of it can be asked for; null where nobody waited. */
  readonly stored: boolean | null;
  readonly revoked: Revocation | null;
}

function reportResult(cli: Cli, outcome: RecordsOutcome, json = false): void {
  const { rows, accepted, rejected, growth, stored, errors, errorsPath, revoked } = outcome;
  const { new: added = null, known = null } = growth ?? {};
  if (json)
    printJson(cli, { rows, accepted, new: added, known, rejected, stored, errors, errorsFile: errorsPath, revoked });
  else {
    listErrors(cli, errors, rejected, errorsPath);
    const where = errorsPath === null ? '' : ` (see ${errorsPath})`;
    const told = (value: number | null): string => (value === null ? unknownBecause(stored) : count(value));
    print(
      cli,
      pairs([
        ['rows', count(rows)],
        ['accepted', count(accepted)],
        ['  new', told(added)],
        ['  known before', told(known)],
        ['rejected', `${count(rejected)}${where}`],
        ...(revoked === null ? [] : [['of a revoked source', 'all of them: no view shows them'] as const]),
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
