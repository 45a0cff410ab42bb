import { type Cli, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';

interface End {
  readonly identifier: string;
  readonly profileId: string | null;
}

interface Link {
  readonly a: string;
  readonly b: string;
  readonly rule: string;
  readonly first: { readonly at: string };
  readonly last: { readonly at: string };
  readonly sources: readonly string[];
  readonly weight: number | null;
}

/** As the profile API writes it. */
interface Explanation {
  readonly a: End;
  readonly b: End;
  readonly samePerson: boolean;
  readonly path: readonly Link[];
  readonly rejected: readonly { readonly a: string; readonly b: string; readonly why: string }[];
}

/** Why two identifiers are one person, or two. */
export async function explainPair(cli: Cli, instance: Instance, a: string, b: string, json: boolean): Promise<void> {
  const query = new URLSearchParams({ other: b });
  const address = `${instance.apiUrl}/v1/profiles/${encodeURIComponent(a)}/explain?${query}`;
  const explanation = (await (await call(address, { key: instance.readKey() })).json()) as Explanation;
  if (json) return printJson(cli, explanation);
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(cli, headline(explanation));
  const rows = explanation.samePerson ? pathRows(explanation) : rejectedRows(explanation);
  if (rows.length > 0) print(cli, table(rows, width));
}

function headline({ a, b, samePerson, rejected }: Explanation): string {
  const both = `${plainText(a.identifier)} and ${plainText(b.identifier)}`;
  if (samePerson) return `${both} are one person: ${a.profileId}`;
  const people = [a, b].map(({ profileId }) => profileId ?? 'nobody yet').join(' and ');
  const why = rejected.length === 0 ? ' They never came together.' : '';
  return `${both} are two people: ${people}.${why}`;
}

function pathRows({ path }: Explanation): string[][] {
  return path.map(({ a, b, rule, first, last, sources, weight }) => [
    '',
    plainText(a),
    plainText(b),
    weight === null ? rule : `${rule} (${weight.toFixed(1)} bits)`,
    last.at === first.at ? first.at : `${first.at} … ${last.at}`,
    plainText(sources.join(', ')),
  ]);
}

function rejectedRows({ rejected }: Explanation): string[][] {
  return rejected.map(({ a, b, why }) => ['', plainText(a), plainText(b), plainText(why)]);
}
