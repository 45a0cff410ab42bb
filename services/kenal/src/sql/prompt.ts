import { createInterface, type Interface } from 'node:readline';
import { Readable } from 'node:stream';
import { isKenalError } from '@kenal/errors';
import { type Cli, type CommonOptions, print } from '../cli/cli.ts';
import { AnswerError } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { askSql, rowsOf } from '../client/sql.ts';
import { COLUMNS_SQL, TABLES_SQL } from './catalogue.ts';
import { formatNamed, tableFormat } from './formats.ts';
import { type History, openHistory } from './history.ts';
import { createStatementBuffer } from './statement-buffer.ts';

const HELP = `  \\d            views that can be asked
  \\d NAME       columns of a view
  \\f FORMAT     write answers as csv, csvwithnames, json, …; \\f alone: as a table again
  \\q            leave, as exit, quit and Ctrl-D do
  \\?            this, as help does
A statement ends with a semicolon and may have several lines; Ctrl-C ends one that runs.`;

type Params = Readonly<Record<string, string>>;

/** What the prompt is in the middle of. */
interface State {
  format: string;
  running: AbortController | null;
}

/** Ask and answer until somebody leaves. */
export async function runPrompt(cli: Cli, options: CommonOptions, instance: Instance): Promise<void> {
  const history = openHistory(cli, options);
  const lines = openLines(cli, history);
  const buffer = createStatementBuffer();
  const state: State = { format: tableFormat(cli), running: null };
  let isOver = false; // the last lines may still be worked on
  lines.once('close', () => {
    isOver = true;
  });
  const prompt = () => {
    if (isOver) return;
    lines.setPrompt(buffer.isBegun ? '    -> ' : 'kenal> ');
    lines.prompt();
  };
  lines.on('SIGINT', () => {
    if (state.running !== null) return state.running.abort();
    buffer.clear();
    for (const name of ['e', 'u']) lines.write(null as unknown as string, { ctrl: true, name }); // to its end, and all before
    cli.out.write('\n');
    prompt();
  });
  print(cli, `SQL at ${instance.apiUrl}, read-only. help tells what there is, exit leaves.`);
  prompt();
  for await (const line of lines) {
    const command = buffer.isBegun ? null : commandOf(line);
    if (command?.name === 'q') break;
    if (command !== null) await obey(cli, instance, state, command);
    else
      for (const statement of buffer.push(line)) {
        history.add(statement);
        await answer(cli, instance, state, statement);
      }
    prompt();
  }
  lines.close();
}

function openLines(cli: Cli, history: History): Interface {
  const isTerminal = cli.out.isTTY === true;
  return createInterface({
    input: cli.stdin instanceof Readable ? cli.stdin : Readable.from(cli.stdin),
    ...(isTerminal ? { output: cli.out as unknown as NodeJS.WritableStream } : {}),
    terminal: isTerminal,
    historySize: 1_000,
    history: history.lines.toReversed(),
  });
}

interface Command {
  readonly name: string;
  readonly argument: string;
}

/** What people type at other prompts. */
const WORDS: Readonly<Record<string, string>> = { exit: 'q', quit: 'q', help: '?' };

// `\d orders`, `exit;`
function commandOf(line: string): Command | null {
  const [, backslash = '', name = '', argument = ''] = /^\s*(\\?)(\S*?)(?:\s+(.*?))?[;\s]*$/.exec(line) ?? [];
  if (backslash !== '') return { name, argument };
  const word = WORDS[name.toLowerCase()];
  return word === undefined || argument !== '' ? null : { name: word, argument };
}

async function obey(cli: Cli, instance: Instance, state: State, { name, argument }: Command): Promise<void> {
  if (name === 'd' && argument === '') return answer(cli, instance, state, TABLES_SQL, { pattern: '%' });
  if (name === 'd') return answer(cli, instance, state, COLUMNS_SQL, { view: argument.replace(/^kenal\./, '') });
  if (name === 'f') state.format = argument === '' ? tableFormat(cli) : formatNamed(argument);
  else print(cli, name === '?' || name === 'h' ? HELP : `There is no \\${name}.\n${HELP}`);
}

async function answer(cli: Cli, instance: Instance, state: State, sql: string, params: Params = {}): Promise<void> {
  state.running = new AbortController();
  const begun = performance.now();
  try {
    const reply = await askSql(instance, sql, { format: state.format, params, signal: state.running.signal });
    const text = await reply.text();
    if (text !== '') print(cli, text);
    const rows = rowsOf(reply);
    print(cli, `${rows} ${rows === 1 ? 'row' : 'rows'}, ${Math.round(performance.now() - begun)} ms\n`);
  } catch (error) {
    if (state.running.signal.aborted) print(cli, 'Ended.\n');
    else if (error instanceof AnswerError || isKenalError(error)) print(cli, `${error.message}\n`);
    else throw error;
  } finally {
    state.running = null;
  }
}
