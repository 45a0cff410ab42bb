import { readFileSync } from 'node:fs';
import { type IdentityConfig, identitySchema, kenalConfigSchema } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { createNormaliser } from '@kenal/identity';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { UsageError } from '../../cli/usage-error.ts';

const TRAITS_STAY =
  'must be left out: rules of traits stand in kenal.yaml and change with a start; a ruleset is `identity` alone';
const withoutTraits = z.looseObject({ traits: z.undefined({ error: TRAITS_STAY }).optional() });

/** Any workspace: what kenal.yaml asks of `identity` beyond its form hangs on nothing else of one. */
const AROUND = { id: 'any', sources: [{ id: 'any', keys: [{ key: 'env:ANY' }] }] };

const rulesSchema = z.strictObject({ identity: identitySchema }).superRefine(({ identity }, ctx) => {
  const { error } = kenalConfigSchema.safeParse({ workspaces: [{ ...AROUND, identity }] });
  for (const issue of error?.issues ?? []) {
    if (issue.code !== 'custom') continue; // a fault of its form, which `identitySchema` names
    const { message, params } = issue;
    ctx.addIssue({ code: 'custom', message, path: issue.path.slice(2), ...(params === undefined ? {} : { params }) });
  }
});

/**
 * Read the rules of a workspace: `identity:` as it stands in kenal.yaml, and checked like it.
 * @throws UsageError with the line of each fault, what was found and what is legal
 */
export function readRulesFile(path: string): IdentityConfig {
  const text = read(path);
  for (const schema of [withoutTraits, rulesSchema]) {
    const checked = checkYaml(schema, text);
    if (!checked.ok) throw new UsageError(listFaults(path, checked));
    if (schema === rulesSchema) return usable(path, (checked.value as z.infer<typeof rulesSchema>).identity);
  }
  throw new Error('the last schema answers');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`;
    throw new UsageError(`${what}; it holds \`identity:\` as in kenal.yaml (kenal identity rules show prints one)`);
  }
}

/** Whether its patterns are such is found out when they are compiled. */
function usable(path: string, identity: IdentityConfig): IdentityConfig {
  try {
    createNormaliser(identity, 'US');
    return identity;
  } catch (error) {
    if (isKenalError(error, 'bad_config')) throw new UsageError(`${path}: ${error.detail}`);
    throw error;
  }
}
