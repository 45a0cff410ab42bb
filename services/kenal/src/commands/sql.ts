import { readFileSync } from 'node:fs';
import type { Cli, CommonOptions, Stream } from '../cli/cli.ts';
import { refuseToOverwrite, writeWhole } from '../cli/output-file.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readAll } from '../client/read-input.ts';
import { askSql, piecesOf, rowsOf } from '../client/sql.ts';
import { withInstance } from '../client/with-instance.ts';
import { COLUMNS_SQL, TABLES_SQL } from '../sql/catalogue.ts';
import { formatOf } from '../sql/formats.ts';
import { runPrompt } from '../sql/prompt.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface SqlOptions extends CommonOptions {
  readonly format?: string;
  readonly output?: string;
  readonly file?: string;
  readonly param?: readonly string[];
}

export const addSql: AddCommand = (program, cli) => {
  const sql = program
    .command('sql')
    .description('ask SQL about people, orders and interactions (read-only); a prompt where nothing is asked')
    .argument('[statement]', 'the question; without it --file, standard input, or what is typed at a prompt')
    .option(
      '-f, --format <name>',
      'csv (rows alone), csvwithnames (with a line of names, as `kenal export` writes it), json, ndjson, tsv, parquet, markdown, … or any format of ClickHouse',
    )
    .option('-o, --output <file>', 'write the answer there; a statement that fails leaves no file')
    .option('--file <path>', 'read the statement from a file')
    .option('--param <name=value...>', 'value of a {name:Type} placeholder')
    .action(async (statement: string | undefined, _options, command) => {
      const options = optionsOf<SqlOptions>(command);
      if (statement === undefined && options.file === undefined && cli.stdinIsTerminal)
        return withInstance(cli, options, (instance) => runPrompt(cli, options, instance));
      await ask(cli, options, await statementOf(cli, statement, options), parametersOf(options.param ?? []));
    });
  sql
    .command('tables')
    .description('what can be asked, and what one row of it is')
    .argument('[pattern]', 'only names like this, % for anything', '%')
    .action((pattern: string, _options, command) => ask(cli, optionsOf<SqlOptions>(command), TABLES_SQL, { pattern }));
  sql
    .command('describe')
    .description('columns of a view, and what each means')
    .argument('<view>', 'its name, e.g. orders')
    .action((view: string, _options, command) => {
      const known = (reply: Response) => {
        if (rowsOf(reply) === 0)
          throw new UsageError(`no columns are known of ${view}; \`kenal sql tables\` lists what there is`);
      };
      return ask(cli, optionsOf<SqlOptions>(command), COLUMNS_SQL, { view: view.replace(/^kenal\./, '') }, known);
    });
};

async function ask(
  cli: Cli,
  options: SqlOptions,
  sql: string,
  params: Readonly<Record<string, string>>,
  check: (reply: Response) => void = () => undefined,
): Promise<void> {
  const { output } = options;
  if (output !== undefined && options.file !== undefined) refuseToOverwrite('--output', output, [options.file]);
  await withInstance(cli, options, async (instance) => {
    const reply = await askSql(instance, sql, { format: formatOf(cli, options), params });
    check(reply);
    if (output === undefined) await pipe(cli.out, reply);
    else await writeWhole(output, piecesOf(reply));
  });
}

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
  sql ??= await readAll(cli);
  if (sql.trim() === '')
    throw new UsageError('there is no statement; ask like: kenal sql "SELECT count() FROM profiles"');
  return sql.trim().replace(/;+$/, '');
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

async function pipe(target: Stream, reply: Response): Promise<void> {
  for await (const piece of piecesOf(reply)) {
    if (target.write(piece) || target.once === undefined) continue;
    await new Promise<void>((resolve) => target.once?.('drain', resolve));
  }
}
