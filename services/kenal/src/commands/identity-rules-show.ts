import { type Directive, formatTime, type IdentityConfig } from '@kenal/contracts';
import { type Cli, print, printJson } from '../cli/cli.ts';
import { plainText } from '../cli/table.ts';
import type { InForce, Stores } from '../identity/rules/index.ts';

/** The rules in force, as a file that `try` and `switch` take. */
export async function showRules(cli: Cli, stores: Stores, json: boolean): Promise<void> {
  const { readInForce } = await import('../identity/rules/index.ts');
  const inForce = await readInForce(stores);
  const { identity, directive, overruled } = inForce;
  if (!json) return print(cli, `${heading(stores, inForce).join('\n')}\n${asYaml(identity)}`);
  const { workspace, path } = stores;
  printJson(cli, {
    ...{ workspace, config: path, directive: directive && shown(directive) },
    ...{ overruled: overruled && shown(overruled), identity },
  });
}

function heading({ workspace, path }: Stores, { directive, overruled }: InForce): string[] {
  const file = path ?? 'no kenal.yaml, so the rules that Kenal comes with';
  if (directive !== null)
    return [
      `# Workspace ${workspace}: ${inWords(directive)}`,
      `# holds as long as \`identity\` stays in kenal.yaml as it was then (${file})`,
    ];
  const holds = `# Workspace ${workspace}: ${path === null ? file : `${path} holds`}`;
  if (overruled === null) return [`${holds}; nobody has switched to others`];
  return [holds, `# It was changed since, so this counts no more: ${inWords(overruled)}`];
}

function inWords({ id, issuedAt, actor, reason }: Directive): string {
  return plainText(`ruleset ${id} of ${formatTime(issuedAt)} by ${actor} (${reason})`);
}

function shown({ id, issuedAt, actor, reason }: Directive) {
  return { id, issuedAt: formatTime(issuedAt), actor, reason };
}

/** An option a line; their values are JSON, which is YAML. */
function asYaml(identity: IdentityConfig): string {
  const options = Object.entries(identity).filter(([, value]) => value !== undefined);
  return `identity:\n${options.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`).join('')}`;
}
