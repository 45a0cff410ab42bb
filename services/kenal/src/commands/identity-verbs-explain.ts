import { type Cli, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';

interface End {
  readonly identifier: string;
  readonly profileId: string | null;
}

/** As the profile API writes it. */
interface Explanation {
  readonly a: End;
  readonly b: End;
  readonly samePerson: boolean;
  readonly path: readonly {
    readonly a: string;
    readonly b: string;
    readonly rule: string;
    readonly firstSeen: string;
    readonly lastSeen?: string;
    readonly sources?: readonly string[];
    readonly weight?: number;
  }[];
  readonly refused: readonly {
    readonly own: string;
    readonly other: string;
    readonly type: string;
    readonly limit: number;
  }[];
}

/** Why two identifiers are one person, or two. */
export async function explainPair(cli: Cli, instance: Instance, a: string, b: string, json: boolean): Promise<void> {
  const query = new URLSearchParams({ other: b });
  const address = `${instance.apiUrl}/v1/profiles/${encodeURIComponent(a)}/explain?${query}`;
  const explanation = (await (await call(address, { key: instance.readKey() })).json()) as Explanation;
  if (json) return printJson(cli, explanation);
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(cli, headline(explanation));
  const rows = explanation.samePerson ? pathRows(explanation) : refusedRows(explanation);
  if (rows.length > 0) print(cli, table(rows, width));
}

function headline({ a, b, samePerson, refused }: Explanation): string {
  const both = `${plainText(a.identifier)} and ${plainText(b.identifier)}`;
  if (samePerson) return `${both} are one person: ${a.profileId}`;
  const people = [a, b].map(({ profileId }) => profileId ?? 'nobody yet').join(' and ');
  const why = refused.length === 0 ? ' They never came together.' : '';
  return `${both} are two people: ${people}.${why}`;
}

function pathRows({ path }: Explanation): string[][] {
  return path.map(({ a, b, rule, firstSeen, lastSeen, sources, weight }) => [
    '',
    plainText(a),
    plainText(b),
    weight === undefined ? rule : `${rule} (${weight.toFixed(1)} bits)`,
    lastSeen === undefined || lastSeen === firstSeen ? firstSeen : `${firstSeen} … ${lastSeen}`,
    plainText((sources ?? []).join(', ')),
  ]);
}

function refusedRows({ refused }: Explanation): string[][] {
  return refused.map(({ own, other, type, limit }) => [
    '',
    plainText(own),
    plainText(other),
    `came together, but a person has at most ${limit} ${type} (identity.limits)`,
  ]);
}
