import {
  EXPORT_COMPRESSIONS,
  EXPORT_FORMATS,
  EXPORT_JOB,
  type ExportFormat,
  exportSchema,
  exportStatement,
  PROFILES,
} from '@kenal/contracts';
import { checkValue, createCsvCells, listFaults } from '@kenal/service-kit';
import type { Command } from 'commander';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { writeWhole } from '../cli/output-file.ts';
import { plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import * as client from '../client/exports.ts';
import { askSql, piecesOf } from '../client/sql.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';

interface WhatOptions extends CommonOptions {
  readonly sql?: string;
  readonly fields?: readonly string[];
  readonly format?: ExportFormat;
}
interface AddOptions extends WhatOptions {
  readonly what?: string;
  readonly compression?: string;
  readonly folder?: string;
  readonly s3?: string;
  readonly schedule?: string;
  readonly keep?: string;
}
interface NowOptions extends WhatOptions {
  readonly output: string;
}

const WIDTH = 240;
const ENGINE_FORMATS: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSVWithNames',
  ndjson: 'JSONEachRow',
  parquet: 'Parquet',
};
const FORMATS = `${EXPORT_FORMATS.join(', ')} (default csv)`;
const FIELDS =
  'of profiles, with commas: traits.email, computed.churn.band, identifiers.email, consent.newsletter, last_seen …';

const AFTER_HELP = `
Cells of CSV that begin as a formula does (= + - @ tab) get an apostrophe before them; numbers stay numbers.
Who is erased is in no export that is made later. Files of before stay where they are: \`ls\` shows them with their time.`;

/** `kenal export`: files of profiles, views and answers to SQL. */
export function addExport(program: Command, cli: Cli): void {
  const exports = program.command('export').description('profiles, views and answers to SQL as files');
  exports.addHelpText('after', AFTER_HELP);
  addNow(exports, cli);
  addDeclared(exports, cli);
  exports
    .command('ls')
    .description('exports of the workspace, and the files that they left')
    .action(async (_options, command) => {
      const { json, ...options } = optionsOf<CommonOptions>(command);
      const found = await client.listExports(await runningInstance(cli, options));
      if (json === true) return printJson(cli, { exports: found });
      const rows = found.flatMap((one) => [
        [
          one.name,
          one.from,
          `${one.format} ${one.compression}`,
          one.where,
          one.schedule ?? '',
          one.state ?? '',
          plainText(one.lastError ?? ''),
        ],
        ...one.files.map(({ file, rows: count, bytes, started }) => [
          '',
          '',
          '',
          `  ${file}`,
          started,
          `${count} rows`,
          `${bytes} bytes`,
        ]),
      ]);
      print(cli, table([['export', 'from', 'format', 'where', 'when', '', ''], ...rows], WIDTH));
    });
}

function addDeclared(exports: Command, cli: Cli): void {
  exports
    .command('add')
    .description('have something written to a folder or a bucket, by the clock or when asked for')
    .argument('<name>', 'lower case letters, digits, - and _')
    .option('--what <view>', `${PROFILES} (a row a person), or a view or mart`)
    .option('--sql <select>', 'in place of --what')
    .option('--fields <fields>', FIELDS, listOf)
    .option('-f, --format <format>', FORMATS)
    .option('--compression <how>', `${EXPORT_COMPRESSIONS.join(', ')}, of csv and ndjson`)
    .option('--folder <folder>', 'below KENAL_EXPORT_DIR (default: one of its name)')
    .option(
      '--s3 <json>',
      'a bucket: endpoint, region, bucket, prefix, pathStyle, accessKeyId, secretAccessKey (env:AWS_…)',
    )
    .option('--schedule <cron>', 'in the time zone of the workspace')
    .option('--keep <n>', 'runs of which files are kept in the folder')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<AddOptions>(command);
      const made = await client.createExport(await runningInstance(cli, options), wantedOf(name, options));
      if (options.json === true) return printJson(cli, made);
      print(
        cli,
        `Export ${name} is written to ${made.where}${made.schedule === null ? ' when asked for' : ` (${made.schedule})`}.`,
      );
    });
  exports
    .command('rm')
    .description('remove an export; its files stay')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await client.removeExport(await runningInstance(cli, options), name);
      if (options.json === true) return printJson(cli, { name, removed: true });
      print(cli, `Export ${name} is written no more. Files that it left stay.`);
    });
  exports
    .command('run')
    .description('have an export written now')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const job = await client.runExport(await runningInstance(cli, options), name);
      if (options.json === true) return printJson(cli, { name, job });
      print(cli, `Export ${name} is on its way: kenal jobs show ${EXPORT_JOB} ${job}`);
    });
}

function addNow(exports: Command, cli: Cli): void {
  exports
    .command('now')
    .description('write a file here and now, through the SQL endpoint and within its limits')
    .argument('[what]', `${PROFILES}, or a view or mart; without it --sql`)
    .requiredOption('-o, --output <file>', 'where to; what fails leaves no file')
    .option('--sql <select>', 'a question in place of a view')
    .option('--fields <fields>', FIELDS, listOf)
    .option('-f, --format <format>', FORMATS)
    .action(async (what: string | undefined, _options, command) => {
      const options = optionsOf<NowOptions>(command);
      const { output, sql, fields, format = 'csv' } = options;
      // Checked as any export is, under a name that it does not have
      const checked = checkValue(exportSchema, withoutMissing({ name: 'now', what, sql, fields, format }));
      if (!checked.ok) throw new UsageError(listFaults('the export', checked));
      const asked = { format: ENGINE_FORMATS[checked.value.format] };
      const reply = await askSql(await runningInstance(cli, options), exportStatement(checked.value), asked);
      const bytes = await writeWhole(output, format === 'csv' ? cellsOf(reply) : piecesOf(reply));
      if (options.json === true) return printJson(cli, { output, bytes });
      note(cli, `${output}: ${bytes} bytes`);
    });
}

function wantedOf(name: string, options: AddOptions): object {
  const { what, sql, fields, format, compression, folder, schedule, keep } = options;
  const to = withoutMissing({ folder, s3: options.s3 === undefined ? undefined : jsonOf(options.s3) });
  const count = keep === undefined ? undefined : Number(keep);
  return withoutMissing({ name, what, sql, fields, format, compression, to, schedule, keep: count });
}

function withoutMissing(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--s3 is no JSON; write it like {"endpoint":"https://…","bucket":"people",…}');
  }
}

/** As `createCsvCells` makes them. */
async function* cellsOf(reply: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const cells = createCsvCells();
  for await (const piece of piecesOf(reply)) yield cells.write(piece);
  yield cells.end();
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}
