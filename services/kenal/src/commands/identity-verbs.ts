import type { Command } from 'commander';
import type { Cli, CommonOptions } from '../cli/cli.ts';
import { confirm } from '../cli/confirm.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { UsageError } from '../cli/usage-error.ts';
import { AnswerError, call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { withInstance } from '../client/with-instance.ts';
import { optionsOf } from './command.ts';
import { type DecideOptions, decideAndTell } from './identity-verbs-decide.ts';
import { explainPair } from './identity-verbs-explain.ts';
import { type ListOptions, listDecisions } from './identity-verbs-list.ts';

const PERSON = 'an identifier (email:ann@example.com) or a profile id';
const TWO = ['<a>', '<b>'] as const;

/** The verbs of `kenal identity`: why two are one, and decisions about it. */
export function addIdentityVerbs(identity: Command, cli: Cli): void {
  identity
    .command('explain')
    .description('why two identifiers are one person, or two')
    .argument(TWO[0], PERSON)
    .argument(TWO[1], PERSON)
    .action(async (a: string, b: string, _options, command) => {
      const options = optionsOf<CommonOptions>(command);
      await withInstance(cli, options, (instance) => explainPair(cli, instance, a, b, options.json === true));
    });
  addPairVerbs(identity, cli);
  addPersonVerbs(identity, cli);
  identity
    .command('directives')
    .description('what was decided, by whom and why, newest first')
    .option('--kind <kinds>', 'must, unlink, revoke, clear, split, review, linkage, erase, consent, ruleset, model')
    .option('--identifier <reference>', `what was decided of ${PERSON}`)
    .option('--actor <text>', 'a part of who decided')
    .option('--since <time>', 'ISO 8601')
    .option('--last <n>', 'how many of the newest to show', wholeNumber('--last', 1, 10_000), 50)
    .action(async (_options, command) => {
      const options = optionsOf<ListOptions>(command);
      await withInstance(cli, options, (instance) => listDecisions(cli, instance, options));
    });
}

function addPairVerbs(identity: Command, cli: Cli): void {
  for (const [verb, says] of [
    ['unlink', 'two identifiers are two people, also when they are seen together again'],
    ['must', 'two identifiers are one person, whatever limits say'],
  ] as const)
    decision(identity.command(verb).description(says).argument(TWO[0], PERSON).argument(TWO[1], PERSON)).action(
      async (a: string, b: string, _options, command) => decideWith(cli, command, { [verb]: { a, b } }),
    );
  for (const [verb, says] of [
    ['revoke', 'a link, or all that a source said, counts as never seen'],
    ['clear', 'take back what was decided of two identifiers or of a source'],
  ] as const)
    decision(identity.command(verb).description(says).argument('[a]', PERSON).argument('[b]', PERSON))
      .option('--source <id>', 'all of this source, in place of two identifiers')
      .action(async (a: string | undefined, b: string | undefined, _options, command: Command) => {
        const { source } = optionsOf<{ source?: string }>(command);
        await decideWith(cli, command, { [verb]: pairOrSource(a, b, source) });
      });
}

function addPersonVerbs(identity: Command, cli: Cli): void {
  decision(identity.command('split').description('one profile becomes several people').argument('<profile>', PERSON))
    .requiredOption(
      '--group <identifiers...>',
      'identifiers of one person, with commas; once for each person; rest: all that no other group names',
    )
    .action(async (profile: string, _options, command: Command) => {
      const { group } = optionsOf<{ group: readonly string[] }>(command);
      const groups = group.map((text) => (text === 'rest' ? text : text.split(',').map((one) => one.trim())));
      await decideWith(cli, command, { split: { profile, groups } });
    });
  decision(identity.command('erase').description('forget a person, for ever').argument('<profile>', PERSON))
    .option('--yes', 'do not ask')
    .action(async (profile: string, _options, command: Command) => {
      const { yes } = optionsOf<{ yes?: boolean }>(command);
      await decideWith(cli, command, { erase: { profile } }, async (instance) => {
        if (yes !== true) await askFirst(cli, instance, profile);
      });
    });
  decision(
    identity
      .command('consent')
      .description('what somebody agrees to, or does not any more')
      .argument('<profile>', PERSON)
      .argument('<purpose>', 'such as newsletter')
      .argument('<on|off>', 'whether they agree'),
  ).action(async (profile: string, purpose: string, word: string, _options, command) => {
    if (word !== 'on' && word !== 'off') throw new UsageError(`say on or off, not ${word}`);
    await decideWith(cli, command, { consent: { profile, purpose, granted: word === 'on' } });
  });
}

/** Options that every decision takes. */
function decision(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; stands in the audit for ever')
    .option('--actor <name>', 'who decides; stands in the audit beside the key')
    .option('--wait', 'until it has taken effect and SQL shows it');
}

async function decideWith(
  cli: Cli,
  command: Command,
  body: object,
  before: (instance: Instance) => Promise<void> = async () => undefined,
): Promise<void> {
  const options = optionsOf<DecideOptions>(command);
  await withInstance(cli, options, async (instance) => {
    await before(instance);
    await decideAndTell(cli, instance, body, options);
  });
}

function pairOrSource(a: string | undefined, b: string | undefined, source: string | undefined): object {
  if (source === undefined && a !== undefined && b !== undefined) return { a, b };
  if (source !== undefined && a === undefined) return { source };
  throw new UsageError('name two identifiers, or a source with --source');
}

async function askFirst(cli: Cli, instance: Instance, profile: string): Promise<void> {
  if (!cli.stdinIsTerminal)
    throw new UsageError('an erasure cannot be taken back; say --yes where nobody can be asked');
  const address = `${instance.apiUrl}/v1/profiles/${encodeURIComponent(profile)}`;
  // What no profile has may still be named by others, and can be forgotten too
  const found = await call(address, { key: instance.stewardKey() }).catch(nullWhereNobody);
  const identifiers = found === null ? null : ((await found.json()) as Shown).identifiers;
  const names = identifiers?.map(({ type, value }) => `${type}:${value}`) ?? [`${profile}, which no profile has,`];
  const shown = names.slice(0, 5).join(', ');
  const question = `Forget ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''} for ever?`;
  if (!(await confirm(cli, question))) throw new UsageError('nothing was erased');
}

interface Shown {
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
}

function nullWhereNobody(error: unknown): null {
  if (error instanceof AnswerError && error.status === 404) return null;
  throw error;
}
