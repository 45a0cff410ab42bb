import { type Cli, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { call } from '../client/call.ts';
import { type LinkClass, TOGETHER } from '../client/explained.ts';
import type { Instance } from '../client/instance.ts';

interface End {
  readonly identifier: string;
  readonly profileId: string | null;
}

interface Link {
  readonly a: string;
  readonly b: string;
  readonly class: LinkClass;
  readonly rule: string;
  readonly first: { readonly at: string; readonly messageId: string | null };
  readonly last: { readonly at: string };
  readonly sources: readonly string[];
  readonly weight: number | null;
}

interface Decision {
  readonly id: string;
  readonly verb: string;
  readonly a: string | null;
  readonly b: string | null;
  readonly source: string | null;
  readonly issuedAt: string;
  readonly actor: string;
  readonly reason: string;
}

/** As the profile API writes it. */
interface Explanation {
  readonly a: End;
  readonly b: End;
  readonly samePerson: boolean;
  readonly path: readonly Link[];
  readonly rejected: readonly (Link & { readonly why: string })[];
  readonly decisions: readonly Decision[];
  readonly review: { readonly id: string; readonly probability: number } | null;
  readonly revokedSources: readonly string[];
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
  const decided = explanation.decisions.map(decisionRow);
  if (decided.length > 0) print(cli, `Decided\n${table(decided, width)}`);
  if (explanation.review !== null) print(cli, reviewLine(explanation.review));
}

function headline({ a, b, samePerson, rejected, decisions, review, revokedSources }: Explanation): string {
  const both = `${plainText(a.identifier)} and ${plainText(b.identifier)}`;
  if (samePerson) return `${both} are one person: ${a.profileId}`;
  const nobody = revokedSources.length > 0 ? `nobody (source ${revokedSources.join(', ')} is revoked)` : 'nobody yet';
  if (a.profileId === null && b.profileId === null) return `${both} are ${nobody}.`;
  const people = [a, b].map(({ profileId }) => profileId ?? nobody).join(' and ');
  const isUnexplained = rejected.length === 0 && decisions.length === 0 && review === null;
  return `${both} are two people: ${people}.${isUnexplained ? ' They never came together.' : ''}`;
}

function pathRows({ path, decisions }: Explanation): string[][] {
  return path.map(({ a, b, rule, first, last, sources, weight }) => {
    const decision = rule === 'must' ? decisions.find(({ id }) => id === first.messageId) : undefined;
    return [
      '',
      plainText(a),
      plainText(b),
      weight === null ? rule : `${rule} (${weight.toFixed(1)} bits)`,
      last.at === first.at ? first.at : `${first.at} … ${last.at}`,
      plainText(decision === undefined ? sources.join(', ') : `${decision.actor}: ${decision.reason}`),
    ];
  });
}

function rejectedRows({ rejected }: Explanation): string[][] {
  return rejected.map(({ a, b, class: strength, why }) => [
    '',
    plainText(a),
    plainText(b),
    `${TOGETHER[strength]}, but ${plainText(why)}`,
  ]);
}

const WORDS: Readonly<Record<string, string>> = {
  must: 'one person',
  cannot: 'two people',
  revoke: 'counts as never seen',
};

function decisionRow({ id, verb, a, b, source, issuedAt, actor, reason }: Decision): string[] {
  const about = source === null ? `${a} and ${b}` : `all of source ${source}`;
  return ['', `${about}: ${WORDS[verb] ?? verb}`, issuedAt, actor, reason, id].map(plainText);
}

function reviewLine({ id, probability }: NonNullable<Explanation['review']>): string {
  return `A model found it ${(100 * probability).toFixed(1)}% likely that they are one person; kenal identity reviews show ${id}`;
}
