import type { JsonValue } from '@kenal/contracts';
import { Option } from 'commander';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { wholeNumber } from '../cli/numbers.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { call } from '../client/call.ts';
import { type LinkClass, TOGETHER } from '../client/explained.ts';
import type { Instance } from '../client/instance.ts';
import { withInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface ProfileOptions extends CommonOptions {
  readonly last: number;
  /** `held`: what the state keeps of each trait; `full`: every word of it, from the interactions. */
  readonly history?: 'held' | 'full';
}

interface Said {
  readonly trait: string;
  readonly value: JsonValue;
  readonly source: string;
  readonly lastAt: string;
  readonly holds: boolean;
}

/** As the profile API writes it, as far as it is shown here. */
interface Profile {
  readonly id: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly traits: Readonly<Record<string, JsonValue>>;
  readonly consent: Readonly<Record<string, boolean>>;
  readonly computed: Readonly<Record<string, JsonValue>>;
  readonly quality: {
    readonly completeness: number;
    readonly freshness: number | null;
    readonly missing: readonly string[];
    readonly stale: readonly string[];
  };
  readonly identifiers: readonly {
    readonly type: string;
    readonly value: string;
    readonly firstSeen: string;
    readonly lastSeen: string;
  }[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly traitHistory: readonly Said[];
  readonly refusedLinks: readonly {
    readonly own: string;
    readonly other: string;
    readonly class: LinkClass;
    readonly why: string;
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

/** What a page of the profile API holds at most. */
const MOST_WORDS = 500;

export const addProfile: AddCommand = (program, cli) => {
  program
    .command('profile')
    .description('one person, by any identifier (email:ann@example.com) or profile id')
    .argument(
      '<type:value or id>',
      'user_id:…, email:…, phone:…, loyalty_card:…, device_id:…, anonymous_id:…, or an id',
    )
    .option('--last <n>', 'how many of the newest interactions to show', wholeNumber('--last', 0, 500), 10)
    .addOption(
      new Option('--history [what]', 'values that each trait had: those at hand, or full: all that were ever said')
        .choices(['held', 'full'])
        .preset('held'),
    )
    .action(async (reference: string, _options, command) => {
      const options = optionsOf<ProfileOptions>(command);
      await withInstance(cli, options, (instance) => show(cli, instance, reference, options));
    });
};

async function show(cli: Cli, instance: Instance, reference: string, options: ProfileOptions): Promise<void> {
  const address = `${instance.apiUrl}/v1/profiles/${encodeURIComponent(reference)}`;
  const key = instance.readKey();
  const read = async (part: string): Promise<unknown> => (await call(`${address}${part}`, { key })).json();
  let profile = (await read('?details=true')) as Profile;
  if (options.history === 'full') {
    const { history } = (await read(`/traits?history=full&limit=${MOST_WORDS}`)) as { history: readonly Said[] };
    profile = { ...profile, traitHistory: history };
  }
  if (options.json) return printJson(cli, profile);
  const limit = Math.max(options.last, 1);
  const timeline = (await read(`/timeline?limit=${limit}`)) as Timeline;
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(cli, head(profile));
  section(
    cli,
    'Traits',
    Object.entries(profile.traits).map(([name, value]) => [name, textOf(value)]),
    width,
  );
  const allowed = Object.entries(profile.consent).map(([purpose, granted]) => [
    plainText(purpose),
    granted ? 'on' : 'off',
  ]);
  section(cli, 'Consent', allowed, width);
  const computed = Object.entries(profile.computed).map(([name, value]) => [plainText(name), textOf(value)]);
  section(cli, 'Computed', computed, width);
  if (options.history !== undefined) section(cli, 'Trait history', profile.traitHistory.map(saidRow), width);
  const identifiers = profile.identifiers.map(({ type, value, lastSeen }) => [type, plainText(value), lastSeen]);
  section(cli, 'Identifiers', identifiers, width);
  const apart = profile.refusedLinks.map(({ own, other, class: strength, why }) => [
    plainText(other),
    plainText(own),
    `${TOGETHER[strength]}, but ${plainText(why)}`,
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

function head({ id, version, firstSeen, lastSeen, quality, aliases }: Profile): string {
  return pairs([
    ['profile', id],
    ['version', String(version)],
    ['first seen', firstSeen],
    ['last seen', lastSeen],
    ['quality', qualityText(quality)],
    ...(aliases.length > 0 ? [['was also', aliases.join(' ')] as const] : []),
  ]);
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

/** `80 % complete (missing phone), 50 % fresh (stale city)` */
function qualityText({ completeness, freshness, missing, stale }: Profile['quality']): string {
  const named = (what: string, names: readonly string[]) => (names.length > 0 ? ` (${what} ${names.join(', ')})` : '');
  const complete = `${Math.round(completeness * 100)} % complete${named('missing', missing)}`;
  if (freshness === null) return complete;
  return `${complete}, ${Math.round(freshness * 100)} % fresh${named('stale', stale)}`;
}

function saidRow({ trait, value, source, lastAt, holds }: Said): readonly string[] {
  return [holds ? '*' : '', trait, value === null ? '(taken away)' : textOf(value), source, lastAt];
}

function textOf(value: JsonValue): string {
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}
