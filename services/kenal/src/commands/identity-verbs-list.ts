import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { plainText, table } from '../cli/table.ts';
import { type DirectiveShown, listDirectives } from '../client/directives.ts';
import type { Instance } from '../client/instance.ts';

export interface ListOptions extends CommonOptions {
  readonly kind?: string;
  readonly identifier?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly last: number;
}

const PAGE = 500;

/** What was decided, newest first. */
export async function listDecisions(cli: Cli, instance: Instance, options: ListOptions): Promise<void> {
  const found: DirectiveShown[] = [];
  let cursor: string | null = '';
  while (cursor !== null && found.length < options.last) {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, options.last - found.length)) });
    for (const name of ['kind', 'identifier', 'actor', 'since'] as const) {
      const value = options[name];
      if (value !== undefined) query.set(name, value);
    }
    if (cursor !== '') query.set('cursor', cursor);
    const page: Awaited<ReturnType<typeof listDirectives>> = await listDirectives(instance, query);
    found.push(...page.directives);
    cursor = page.cursor;
  }
  if (options.json === true) return printJson(cli, { directives: found });
  if (found.length === 0) return print(cli, 'Nothing was decided yet.');
  const head = ['when', 'what', 'about', 'by', 'why'];
  const rows = found.map((one) => [one.issuedAt, one.kind, about(one), one.actor, one.reason ?? '(erased since)']);
  const width = cli.out.isTTY ? (cli.out.columns ?? 120) : 400;
  print(cli, table([head, ...rows.map((row) => row.map(plainText))], width));
}

const SHOWN = 3;

function about({ kind, pairs, pairCount, source, profileId, erased, consent }: DirectiveShown): string {
  if (source !== null) return `source ${source}`;
  if (kind === 'erase') return `${profileId}, ${erased} identifiers`;
  if (consent !== null) return `${consent.owner ?? '(erased)'} ${consent.purpose} ${consent.granted ? 'on' : 'off'}`;
  const shown = pairs.slice(0, SHOWN).map(({ a, b, verb }) => `${verb} ${a ?? '(erased)'} ${b ?? '(erased)'}`);
  return pairCount > SHOWN ? `${shown.join(', ')} and ${pairCount - SHOWN} more` : shown.join(', ');
}
