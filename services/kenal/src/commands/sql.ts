import { readFileSync } from 'node:fs';
import { type Cli, type CommonOptions, wantsColour } from '../cli/cli.ts';
import { UsageError } from '../cli/usage-error.ts';
import { AnswerError } from '../client/call.ts';
import { readAll } from '../client/read-input.ts';
import { askSql } from '../client/sql.ts';
import { withInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface SqlOptions extends CommonOptions {
  readonly format?: string;
  readonly file?: string;
  readonly param?: readonly string[];
}

/** Short names for what ClickHouse calls its formats; every name of ClickHouse is good too. */
const FORMATS: Readonly<Record<string, string>> = {
  csv: 'CSV',
  json: 'JSON',
  ndjson: 'JSONEachRow',
  jsonl: 'JSONEachRow',
  tsv: 'TSV',
  parquet: 'Parquet',
  arrow: 'Arrow',
  markdown: 'Markdown',
  md: 'Markdown',
  xml: 'XML',
  values: 'Values',
  vertical: 'Vertical',
  table: 'PrettyCompactMonoBlock',
  pretty: 'PrettyCompactMonoBlock',
};

export const addSql: AddCommand = (program, cli) => {
  program
    .command('sql')
    .description('ask SQL about people, orders and interactions (read-only)')
    .argument('[statement]', 'the question; without it --file or standard input')
    .option(
      '-f, --format <name>',
      'csv, json, ndjson, tsv, parquet, markdown, … or any format of ClickHouse (CSVWithNames has the names)',
    )
    .option('--file <path>', 'read the statement from a file')
    .option('--param <name=value...>', 'value of a {name:Type} placeholder')
    .action(async (statement: string | undefined, _options, command) => {
      const options = optionsOf<SqlOptions>(command);
      const sql = await statementOf(cli, statement, options);
      await withInstance(cli, options, async (instance) => {
        const params = parametersOf(options.param ?? []);
        await pipe(cli, await askSql(instance, sql, { format: formatOf(cli, options), params }));
      });
    });
};

async function statementOf(cli: Cli, statement: string | undefined, options: SqlOptions): Promise<string> {
  if (statement !== undefined && options.file !== undefined)
    throw new UsageError('give the statement or --file, not both');
  let sql = statement;
  if (options.file !== undefined) {
    try {
      sql = readFileSync(options.file, 'utf8');
    } catch {
      throw new UsageError(`there is no file ${options.file}`);
    }
  }
  if (sql === undefined && !cli.stdinIsTerminal) sql = await readAll(cli);
  if (sql === undefined || sql.trim() === '')
    throw new UsageError('there is no statement; ask like: kenal sql "SELECT count() FROM profiles"');
  return sql.trim().replace(/;+$/, '');
}

function formatOf(cli: Cli, options: SqlOptions): string {
  if (options.format !== undefined) return FORMATS[options.format.toLowerCase()] ?? options.format;
  if (options.json) return 'JSON';
  if (cli.out.isTTY !== true) return 'TSVWithNames';
  return wantsColour(cli, cli.out) ? 'PrettyCompactMonoBlock' : 'PrettyCompactNoEscapesMonoBlock';
}

function parametersOf(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const sign = item.indexOf('=');
      if (sign < 1) throw new UsageError(`--param is written name=value, not ${item}`);
      return [item.slice(0, sign), item.slice(sign + 1)];
    }),
  );
}

// Bytes as they come: Parquet stays Parquet, and a long answer needs no memory.
async function pipe(cli: Cli, reply: Response): Promise<void> {
  if (reply.body === null) return;
  try {
    for await (const chunk of reply.body) {
      if (cli.out.write(chunk) || cli.out.once === undefined) continue;
      await new Promise<void>((resolve) => cli.out.once?.('drain', resolve));
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The server cuts the connection where a statement fails after its first rows, so that nobody takes them for all
    throw new AnswerError(
      'the answer broke off in the middle: the statement failed, or Kenal stopped',
      'sql_failed',
      reply.status,
    );
  }
}
