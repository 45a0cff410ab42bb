import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { INTERACTION_TYPES, type InteractionType, type JsonObject, type JsonValue } from '@kenal/contracts';
import { nearest } from '@kenal/service-kit';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { EXIT } from '../cli/failure.ts';
import { count } from '../cli/progress.ts';
import { plainText } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { type BatchAnswer, postBatch } from '../client/post-batch.ts';
import { readLines } from '../client/read-input.ts';
import { runningInstance } from '../client/with-instance.ts';
import { type Batch, createBatcher } from '../import/batcher.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface SendOptions extends CommonOptions {
  readonly source?: string;
  readonly user?: string;
  readonly anonymous?: string;
  readonly event?: string;
  readonly name?: string;
  readonly group?: string;
  readonly previous?: string;
  readonly traits?: string;
  readonly properties?: string;
  readonly context?: string;
  readonly time?: string;
  readonly id?: string;
  readonly file?: string;
}

/** Rejections that a person is shown. */
const SHOWN = 20;
const EXAMPLE = `kenal send track --user u1 --event "Order Completed" --properties '{"total":12.5}'`;

export const addSend: AddCommand = (program, cli) => {
  program
    .command('send')
    .description('send one event from the command line, or many from a file or a pipe (one JSON event a line)')
    .argument('[type or event]', `${INTERACTION_TYPES.join(', ')}; or a whole event as JSON`)
    .option('--source <id>', 'source that it comes from')
    .option('--user <id>', 'userId')
    .option('--anonymous <id>', 'anonymousId')
    .option('--event <name>', 'name of what happened (track)')
    .option('--name <name>', 'name of the page or screen')
    .option('--group <id>', 'groupId (group)')
    .option('--previous <id>', 'previousId (alias)')
    .option('--traits <json>', 'facts about the person')
    .option('--properties <json>', 'facts about the event')
    .option('--context <json>', 'where it happened')
    .option('--time <time>', 'when it happened (default: now)')
    .option('--id <messageId>', 'id of the event; the same id again adds nothing')
    .option('--file <events.ndjson>', 'send every line of a file')
    .action(async (what: string | undefined, _options, command) => {
      const options = optionsOf<SendOptions>(command);
      const instance = await runningInstance(cli, options);
      const lines = what === undefined ? streamOf(cli, options) : null;
      const total =
        lines === null ? await sendOne(instance, what as string, options) : await sendLines(instance, lines, options);
      report(cli, total, options);
    });
};

interface Rejected {
  /** Of the file or the pipe, from 1; null for the one event of the command line. */
  readonly line: number | null;
  readonly messageId: string | null;
  readonly code: string;
  /** Field at fault, `context.traits`; '' where it is the event as a whole. */
  readonly field: string;
  readonly reason: string;
}

interface Sent {
  accepted: number;
  rejected: Rejected[];
}

/** @param lines of the batch's events, where they come from lines */
function rejectionsOf({ rejected }: BatchAnswer, lines: readonly number[] = []): Rejected[] {
  return rejected.map(({ index, messageId, code, path, reason }) => {
    const field = path.replace(/^\$(\.batch\[\d+\])?\.?/, '');
    return { line: lines[index] ?? null, messageId, code, field, reason };
  });
}

function streamOf(cli: Cli, options: SendOptions): AsyncIterable<string> {
  if (options.file !== undefined) {
    if (!existsSync(options.file)) throw new UsageError(`there is no file ${options.file}`);
    return readLines(createReadStream(options.file));
  }
  if (cli.stdinIsTerminal) throw new UsageError(`say what to send, e.g. ${EXAMPLE}`);
  return readLines(cli.stdin);
}

async function sendOne(instance: Instance, what: string, options: SendOptions): Promise<Sent> {
  const event = what.trimStart().startsWith('{') ? objectOf(what, 'the event') : eventOf(what, options);
  const answer = await postBatch(JSON.stringify({ batch: [event] }), target(instance, options.source));
  return { accepted: answer.accepted, rejected: rejectionsOf(answer) };
}

function eventOf(type: string, options: SendOptions): JsonObject {
  if (!(INTERACTION_TYPES as readonly string[]).includes(type)) {
    const meant = nearest(type, INTERACTION_TYPES);
    throw new UsageError(
      `there is no event type ${type}${meant === null ? '' : `, did you mean ${meant}?`}; there are ${INTERACTION_TYPES.join(', ')}, e.g. ${EXAMPLE}`,
    );
  }
  if (type === 'track' && options.event === undefined) throw new UsageError(`a track needs --event, e.g. ${EXAMPLE}`);
  if (type === 'group' && options.group === undefined)
    throw new UsageError('a group needs --group, the id of the company');
  if (type === 'alias' && options.previous === undefined)
    throw new UsageError('an alias needs --previous, the id that the person had before');
  if (options.user === undefined && options.anonymous === undefined)
    throw new UsageError('say whose event it is: --user or --anonymous');
  return withoutEmpty({
    type: type as InteractionType,
    messageId: options.id ?? `cli-${randomUUID()}`,
    timestamp: options.time ?? new Date().toISOString(),
    userId: options.user,
    anonymousId: options.anonymous,
    event: options.event,
    name: options.name,
    groupId: options.group,
    previousId: options.previous,
    traits: jsonOption('--traits', options.traits),
    properties: jsonOption('--properties', options.properties),
    context: jsonOption('--context', options.context),
  });
}

function jsonOption(name: string, text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : objectOf(text, name);
}

function objectOf(text: string, what: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // said below
  }
  throw new UsageError(`${what} must be a JSON object, not ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`);
}

function withoutEmpty(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

// Lines of `kenal gen` name their source; plain events go to the source that was asked for.
async function sendLines(instance: Instance, lines: AsyncIterable<string>, options: SendOptions): Promise<Sent> {
  const total: Sent = { accepted: 0, rejected: [] };
  const batchers = new Map<string, ReturnType<typeof createBatcher>>();
  const post = async (source: string, { body, lines }: Batch): Promise<void> => {
    const answer = await postBatch(body, target(instance, source === '' ? undefined : source));
    total.accepted += answer.accepted;
    total.rejected.push(...rejectionsOf(answer, lines));
  };
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    const value = objectOf(text, `line ${line}`);
    const wrapped = typeof value.source === 'string' && typeof value.event === 'object' && value.event !== null;
    const source =
      options.source ?? (wrapped && instance.sources.includes(String(value.source)) ? String(value.source) : '');
    const batcher = batchers.get(source) ?? createBatcher();
    batchers.set(source, batcher);
    const full = batcher.add(wrapped ? JSON.stringify(value.event) : text.trim(), line, line);
    if (full !== null) await post(source, full);
  }
  for (const [source, batcher] of batchers) {
    const last = batcher.flush(line);
    if (last !== null) await post(source, last);
  }
  return total;
}

function target(instance: Instance, source: string | undefined): { url: string; key: string; patienceMs: number } {
  return { url: `${instance.url}/v1/batch`, key: instance.writeKey(source), patienceMs: 60_000 };
}

function report(cli: Cli, total: Sent, options: SendOptions): void {
  if (options.json) printJson(cli, total);
  else {
    print(cli, `${count(total.accepted)} accepted`);
    for (const { line, messageId, code, field, reason } of total.rejected.slice(0, SHOWN))
      note(
        cli,
        plainText(
          `rejected${line === null ? '' : ` line ${line}`}${messageId === null ? '' : ` ${messageId}`}: ${field === '' ? '' : `${field}: `}${reason} (${code})`,
        ),
      );
    if (total.rejected.length > SHOWN)
      note(cli, `… and ${count(total.rejected.length - SHOWN)} more; all are failed events`);
  }
  if (total.rejected.length > 0) process.exitCode = EXIT.failed;
}
