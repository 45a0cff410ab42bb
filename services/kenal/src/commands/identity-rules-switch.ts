import type { IdentityConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type Cli, print, printJson } from '../cli/cli.ts';
import { decide, waitUntilSettled } from '../client/directives.ts';
import { withInstance } from '../client/with-instance.ts';
import { BLOCKED_THEN } from '../identity/rules/blocked-then.ts';
import type { DecideOptions } from './identity-verbs-decide.ts';

export type SwitchOptions = DecideOptions;

/** Everybody is decided again: with millions of people that takes minutes. */
const SETTLE_MS = 600_000;

/** Put the rules of a file in force. @throws UsageError for the file, KenalError `unavailable` where it takes too long */
export async function switchRules(cli: Cli, file: string, options: SwitchOptions): Promise<void> {
  const { readRulesFile } = await import('../identity/rules/index.ts');
  const identity = readRulesFile(file);
  const { reason, actor, wait, json } = options;
  await withInstance(cli, options, async (instance) => {
    const said = { reason, ...(actor === undefined ? {} : { actor }) };
    const issued = await decide(instance, { ruleset: { identity }, ...said });
    const { directive } = issued;
    const settled = wait === true && (await waitUntilSettled(instance, issued, SETTLE_MS));
    if (wait === true && !settled)
      throw new KenalError(
        'unavailable',
        `ruleset ${directive.id} is decided and stands in the log, but not everybody is decided again within ${SETTLE_MS / 60_000} minutes; kenal doctor tells what stands still`,
      );
    if (json === true) return printJson(cli, { directive, settled });
    const effect = settled
      ? 'Everybody is decided again by it.'
      : 'New events go by it within a moment, and everybody is decided again (--wait waits for it).';
    print(cli, `ruleset ${directive.id} by ${directive.actor}. ${effect}\n${afterwards(file)}${blocks(identity)}`);
  });
}

/** Over the API nobody sees which of these values are stored: `try` counts them. */
function blocks({ blocked, blockedPatterns = [] }: IdentityConfig): string {
  if (blocked.length + blockedPatterns.length === 0) return '';
  return `\nIt blocks values. Where some of them were stored before (kenal identity rules try names them): ${BLOCKED_THEN}`;
}

/** `Directive.base`: who changes the file afterwards means it. */
function afterwards(file: string): string {
  return `It holds after the next start as well, as long as \`identity\` of kenal.yaml stays as it is. Write ${file} there too: where kenal.yaml says anything else, kenal.yaml holds.`;
}
