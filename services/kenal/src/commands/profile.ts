import type { JsonValue } from '@kenal/contracts';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { withInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface ProfileOptions extends CommonOptions {
  readonly last: number;
}

/** As the profile API writes it, as far as it is shown here. */
interface Profile {
  readonly id: string;
  readonly version: number;
  readonly traits: Readonly<Record<string, JsonValue>>;
  readonly identifiers: readonly {
    readonly type: string;
    readonly value: string;
    readonly firstSeen: string;
    readonly lastSeen: string;
  }[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly refusedLinks: readonly {
    readonly own: string;
    readonly other: string;
    readonly type: string;
    readonly limit: number;
  }[];
}

interface Timeline {
  readonly interactions: readonly {
    readonly occurredAt: string;
    readonly channel: string;
    readonly source: string;
    readonly type: string;
    readonly name: string | null;
    readonly amount: string | null;
    readonly currency: string | null;
  }[];
}

export const addProfile: AddCommand = (program, cli) => {
  program
    .command('profile')
    .description('one person, by any identifier (email:ann@example.com) or profile id')
    .argument(
      '<type:value or id>',
      'user_id:…, email:…, phone:…, loyalty_card:…, device_id:…, anonymous_id:…, or an id',
    )
    .option('--last <n>', 'how many of the newest interactions to show', wholeNumber('--last', 0, 500), 10)
    .action(async (reference: string, _options, command) => {
      const options = optionsOf<ProfileOptions>(command);
      await withInstance(cli, options, (instance) => show(cli, instance, reference, options));
    });
};

async function show(cli: Cli, instance: Instance, reference: string, options: ProfileOptions): Promise<void> {
  const address = `${instance.apiUrl}/v1/profiles/${encodeURIComponent(reference)}`;
  const key = instance.readKey();
  const profile = (await (await call(`${address}?details=true`, { key })).json()) as Profile;
  if (options.json) return printJson(cli, profile);
  const limit = Math.max(options.last, 1);
  const timeline = (await (await call(`${address}/timeline?limit=${limit}`, { key })).json()) as Timeline;
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(
    cli,
    pairs([
      ['profile', profile.id],
      ['version', String(profile.version)],
      ['first seen', profile.firstSeen],
      ['last seen', profile.lastSeen],
    ]),
  );
  section(
    cli,
    'Traits',
    Object.entries(profile.traits).map(([name, value]) => [name, textOf(value)]),
    width,
  );
  const identifiers = profile.identifiers.map(({ type, value, lastSeen }) => [type, plainText(value), lastSeen]);
  section(cli, 'Identifiers', identifiers, width);
  const apart = profile.refusedLinks.map(({ own, other, type, limit }) => [
    plainText(other),
    `came with ${plainText(own)}, but a person has at most ${limit} ${type} (identity.limits)`,
  ]);
  section(cli, 'Somebody else', apart, width);
  const newest = timeline.interactions
    .slice(0, options.last)
    .map((each) => [
      each.occurredAt,
      each.channel,
      plainText(each.name ?? each.type),
      each.amount === null ? '' : `${each.amount} ${each.currency ?? ''}`,
    ]);
  section(cli, 'Newest interactions', newest, width);
}

function section(cli: Cli, title: string, rows: readonly (readonly string[])[], width: number): void {
  if (rows.length > 0)
    print(
      cli,
      `\n${title}\n${table(
        rows.map((row) => ['', ...row]),
        width,
      )}`,
    );
}

function textOf(value: JsonValue): string {
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}
