import { type Cli, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count } from '../cli/progress.ts';
import { pairs, plainText } from '../cli/table.ts';
import type { Growth, ImportCheck, Nobodies, Revocation } from '../import/index.ts';
import type { PreparedImport } from '../import/prepare.ts';
import type { RowError } from '../import/row-errors.ts';
import type { ImportResult } from '../import/run-import.ts';

/** What an import came to, once it is over. */
export interface ImportOutcome extends ImportResult {
  /** Null where it cannot be told: see `takeCensus` and `growthOf`. */
  readonly growth: Growth | null;
  /** Whether all of it can be asked for; null where nobody waited. */
  readonly stored: boolean | null;
  readonly seconds: number;
  /** Why the source counts as never seen; null where it does not, or nobody can tell. */
  readonly revoked: Revocation | null;
  /** Values that name nobody; null where the rules are not known. */
  readonly nobodies: Nobodies | null;
}

/** Say it, and let the exit code tell whether every row got in. */
export function reportImport(cli: Cli, outcome: ImportOutcome, json: boolean): void {
  const { rows, accepted, rejected, withoutIdentifier, resumedAt, growth, stored, errors, errorsPath } = outcome;
  const { revoked, nobodies } = outcome;
  const seconds = Math.round(outcome.seconds * 10) / 10;
  const { new: added = null, known = null, refusedLater = null } = growth ?? {};
  if (json) {
    const counts = { rows, accepted, new: added, known, refusedLater, rejected, withoutIdentifier, resumedAt };
    printJson(cli, { ...counts, stored, seconds, errors, errorsFile: errorsPath, revoked, nobodies });
  } else {
    listErrors(cli, errors, rejected, errorsPath);
    const told = (value: number | null): string => (value === null ? unknownBecause(stored) : count(value));
    print(
      cli,
      pairs([
        ['rows', count(rows)],
        ['accepted', count(accepted)],
        ['  new', told(added)],
        ['  known before', told(known)],
        ...(refusedLater ? [['  refused later', `${count(refusedLater)} (see failed_events)`] as const] : []),
        ['rejected', errorsPath === null ? count(rejected) : `${count(rejected)} (see ${errorsPath})`],
        ['without identifier', count(withoutIdentifier)],
        ...nobodyRows(nobodies),
        ...(resumedAt > 0 ? [['went on after row', count(resumedAt)] as const] : []),
        ...(revoked === null
          ? []
          : [['of a revoked source', 'all of them: no profile has anything of these rows'] as const]),
        ['stored', stored === null ? 'not waited for' : stored ? 'yes' : 'not yet'],
        ['seconds', seconds.toFixed(1)],
      ]),
    );
  }
  if (rejected > 0 || stored === false || refusedLater) process.exitCode = EXIT.failed;
}

function nobodyRows(nobodies: Nobodies | null): [string, string][] {
  if (nobodies === null || nobodies.values === 0) return [];
  return [
    ['values that name nobody', count(nobodies.values)],
    ...nobodies.examples.map(({ type, value, why, values }): [string, string] => [
      `  ${plainText(type)}`,
      `${count(values)}, such as ${plainText(value)}: ${why}`,
    ]),
  ];
}

// Copies are found where rows are stored, so before that nothing is said of them.
export function unknownBecause(stored: boolean | null): string {
  return stored ? 'not known' : 'not known before all is stored';
}

/** Say what a dry run found. */
export function reportCheck(cli: Cli, prepared: PreparedImport, check: ImportCheck, json: boolean): void {
  const { preview, errors, badByColumn, nobodies, ...counts } = check;
  const { format, columns } = prepared.rows;
  const { encoding } = prepared.text;
  if (json) {
    const checked = { ...counts, nobodies, badByColumn, errors };
    printJson(cli, { format, encoding, columns, zone: prepared.zone, rows: preview, checked });
  } else {
    note(cli, `${format}, ${encoding}, times without a zone are in ${prepared.zone}; columns: ${columns.join(', ')}`);
    for (const row of preview) print(cli, JSON.stringify(row, null, 2));
    listErrors(cli, errors, counts.bad, null);
    print(
      cli,
      pairs([
        ['rows', count(counts.rows)],
        ['good', count(counts.good)],
        ['bad', count(counts.bad)],
        ...Object.entries(badByColumn).map(
          ([column, rows]) => [`  ${column === '' ? 'the row as a whole' : plainText(column)}`, count(rows)] as const,
        ),
        ['without identifier', count(counts.withoutIdentifier)],
        ...nobodyRows(nobodies),
      ]),
    );
    note(cli, 'Nothing was sent. Without --dry-run all good rows are.');
  }
  if (counts.bad > 0) process.exitCode = EXIT.failed;
}

/** The first of them, for a person. @param all how many there are; @param path of the file that has all */
export function listErrors(cli: Cli, errors: readonly RowError[], all: number, path: string | null): void {
  for (const { line, column, reason } of errors)
    note(cli, `line ${line}${column === '' ? '' : `, ${plainText(column)}`}: ${plainText(reason)}`);
  if (all > errors.length && errors.length > 0)
    note(cli, `… and ${count(all - errors.length)} more${path === null ? '' : ` in ${path}`}`);
}
