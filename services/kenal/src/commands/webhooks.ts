import { KenalError } from '@kenal/errors';
import type { Command } from 'commander';
import { oneOf } from '../cli/choices.ts';
import { type Cli, type CommonOptions, note, print, printJson } from '../cli/cli.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import * as client from '../client/webhooks.ts';
import { runningInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';
import { changeOf, type EndpointOptions, filterOf, type SetOptions, withFilter } from './webhooks-endpoint.ts';

interface ResendOptions extends CommonOptions {
  readonly event?: string;
  readonly since?: string;
}

/** What becomes of an attempt. */
const OUTCOMES = ['delivered', 'failed', 'dead', 'erased', 'disabled', 'gone'] as const;
const WIDTH = 240;
const PING_MS = 20_000;

const AFTER_HELP = `
Deliveries are signed after the Standard Webhooks spec (standardwebhooks.com): verify them with a library of yours and the
secret that \`add\` and \`rotate\` print. An event has its webhook-id for ever: what comes twice has the same one.`;

/** `kenal webhooks`: where changes of profiles are delivered to. */
export function addWebhooks(program: Command, cli: Cli): void {
  const webhooks = program.command('webhooks').description('endpoints that changes of profiles are delivered to');
  webhooks.addHelpText('after', AFTER_HELP);
  addEndpoints(webhooks, cli);
  addSwitches(webhooks, cli);
  addDeliveries(webhooks, cli);
}

function addEndpoints(webhooks: Command, cli: Cli): void {
  webhooks
    .command('ls')
    .description('endpoints of the workspace, and whether they are on')
    .action(async (_options, command) => {
      const { json, ...options } = optionsOf<CommonOptions>(command);
      const found = await client.listWebhooks(await runningInstance(cli, options));
      if (json === true) return printJson(cli, { webhooks: found });
      const rows = found.map(({ name, from, url, enabled, disabledReason, filter, actions }) => [
        ...[name, from, enabled ? 'on' : 'off', url, filterText({ filter, actions }), plainText(disabledReason ?? '')],
      ]);
      print(cli, table([['webhook', 'from', '', 'address', 'is told of', ''], ...rows], WIDTH));
    });
  withFilter(webhooks.command('add'))
    .description('make an endpoint; its secret is shown once')
    .argument('<name>', 'lower case letters, digits, - and _')
    .argument('<url>', 'https://…')
    .option('--actions', 'also what rules decide')
    .option('--description <text>', 'for people')
    .action(async (name: string, url: string, _options, command) => {
      const options = optionsOf<EndpointOptions>(command);
      const { actions = false, description = '' } = options;
      const wanted = { name, url, description, filter: filterOf(options) ?? {}, actions };
      showSecret(cli, options, await client.createWebhook(await runningInstance(cli, options), wanted));
    });
  withFilter(webhooks.command('set'))
    .description(
      'change an endpoint: what is given; a filter that is given takes the place of the whole filter of before',
    )
    .argument('<name>')
    .option('--all', 'no filter any more: all changes')
    .option('--address <url>', 'https://…')
    .option('--actions', 'also what rules decide')
    .option('--no-actions', 'no more what rules decide')
    .option('--description <text>', 'for people')
    .action(async (name: string, _options, command) => {
      const change = changeOf(optionsOf<SetOptions>(command));
      await showOne(cli, command, (instance) => client.changeWebhook(instance, name, change));
    });
}

function addSwitches(webhooks: Command, cli: Cli): void {
  webhooks
    .command('show')
    .description('one endpoint')
    .argument('<name>')
    .action((name: string, _options, command) =>
      showOne(cli, command, (instance) => client.findWebhook(instance, name)),
    );
  for (const [verb, enabled, what] of [
    ['on', true, 'switch an endpoint on again: it gets what was left out meanwhile'],
    ['off', false, 'switch an endpoint off: its place in the feed is kept'],
  ] as const)
    webhooks
      .command(verb)
      .description(what)
      .argument('<name>')
      .action((name: string, _options, command) =>
        showOne(cli, command, (instance) => client.changeWebhook(instance, name, { enabled })),
      );
  webhooks
    .command('rotate')
    .description('a new secret; that of before signs as well for a while')
    .argument('<name>')
    .option('--overlap <hours>', 'how long (default 24)', '24')
    .action(async (name: string, _options, command) => {
      const { overlap, ...options } = optionsOf<CommonOptions & { readonly overlap: string }>(command);
      const instance = await runningInstance(cli, options);
      showSecret(cli, options, await client.rotateWebhook(instance, name, Number(overlap)));
    });
  webhooks
    .command('rm')
    .description('remove an endpoint')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await client.removeWebhook(await runningInstance(cli, options), name);
      if (options.json === true) return printJson(cli, { name, removed: true });
      print(cli, `Nothing is delivered to ${name} any more.`);
    });
}

function addDeliveries(webhooks: Command, cli: Cli): void {
  webhooks
    .command('attempts')
    .description('attempts of the last 30 days, newest first')
    .argument('<name>')
    .option('--event <id>', 'of this event only')
    .option('--outcome <outcome>', `with this outcome only: ${OUTCOMES.join(', ')}`, oneOf('--outcome', OUTCOMES))
    .option('--limit <n>', 'how many at most (default 100)')
    .action(async (name: string, _options, command) => {
      type Asked = Readonly<Partial<Record<'event' | 'outcome' | 'limit', string>>>;
      const { event, outcome, limit, ...options } = optionsOf<CommonOptions & Asked>(command);
      const found = await client.listAttempts(await runningInstance(cli, options), name, { event, outcome, limit });
      if (options.json === true) return printJson(cli, { attempts: found });
      const head = ['at', 'event', 'type', 'attempt', 'outcome', 'status', 'ms', ''];
      const rows = found.map((one) => [
        ...[one.at.slice(0, 19), one.event, one.type, String(one.attempt), one.outcome, String(one.status)],
        ...[String(one.milliseconds), plainText([one.error, one.response].filter(Boolean).join(': '))],
      ]);
      print(cli, table([head, ...rows], WIDTH));
    });
  webhooks
    .command('resend')
    .description(
      'deliver an event again, or all that did not arrive since a time, without waiting for the next attempt',
    )
    .argument('<name>')
    .option('--event <id>', 'webhook-id of the event')
    .option('--since <time>', 'ISO 8601: what is dead, or was left out, since then')
    .action(async (name: string, _options, command) => {
      const { event, since, ...options } = optionsOf<ResendOptions>(command);
      if ((event === undefined) === (since === undefined))
        throw new UsageError('say what is sent again: --event <webhook-id>, or --since <time>, and not both');
      const what = { ...(event && { event }), ...(since && { since }) };
      const { events, more } = await client.resend(await runningInstance(cli, options), name, what);
      if (options.json === true) return printJson(cli, { events, more });
      print(cli, `${events.length} events are on their way again.`);
      if (more) print(cli, 'There are others: ask again when these have arrived.');
    });
  webhooks
    .command('test')
    .description('deliver an event of type ping, and tell what came of it')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      const attempt = await client.ping(await runningInstance(cli, options), name, PING_MS);
      if (attempt === null) throw new KenalError('unavailable', 'nobody has tried within 20 s; does job-runner run?');
      if (options.json === true) printJson(cli, attempt);
      else
        print(
          cli,
          `${attempt.outcome}: ${plainText(attempt.error ?? `${attempt.status}`)}, ${attempt.milliseconds} ms`,
        );
      if (attempt.outcome !== 'delivered') throw new KenalError('job_failed', `the ping did not arrive at ${name}`);
    });
}

async function showOne(
  cli: Cli,
  command: Command,
  ask: (instance: Instance) => Promise<client.WebhookShown>,
): Promise<void> {
  const { json, ...options } = optionsOf<CommonOptions>(command);
  const found = await ask(await runningInstance(cli, options));
  if (json === true) printJson(cli, found);
  else print(cli, pairs(linesOf(found)));
}

function linesOf(webhook: client.WebhookShown): [string, string][] {
  const { name, from, url, description, enabled, disabledReason, rotatingUntil } = webhook;
  const lines: [string, string][] = [
    ['Webhook', `${name} (${from})`],
    ['Address', url],
    ['About', plainText(description)],
    ['Is told of', filterText(webhook)],
    ['State', enabled ? 'on' : 'off'],
    ['Because', plainText(disabledReason ?? '')],
    ['Two secrets', rotatingUntil === null ? '' : `until ${rotatingUntil}`],
  ];
  return lines.filter(([, value]) => value !== '');
}

function showSecret(cli: Cli, { json }: CommonOptions, made: client.WithSecret): void {
  if (json === true) return void printJson(cli, made);
  note(cli, `Deliveries to ${made.name} are verified by this secret. Keep it: it is not shown again.`);
  print(cli, made.secret);
}

function filterText({ filter, actions }: Pick<client.WebhookShown, 'filter' | 'actions'>): string {
  const parts = Object.entries(filter).map(([name, values]) => `${name} ${[values].flat().join(' ')}`);
  return [parts.length === 0 ? 'all changes' : parts.join(', '), ...(actions ? ['actions'] : [])].join(' and ');
}
