import { KenalError } from '@kenal/errors';
import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { plainText } from '../cli/table.ts';
import { decide, waitUntilSettled } from '../client/directives.ts';
import type { Instance } from '../client/instance.ts';

export interface DecideOptions extends CommonOptions {
  readonly reason: string;
  readonly actor?: string;
  readonly wait?: boolean;
}

const SETTLE_MS = 60_000;

/** Issue a decision, wait for it where that is asked for, and say so. @throws KenalError `unavailable` where it takes too long */
export async function decideAndTell(
  cli: Cli,
  instance: Instance,
  body: object,
  { reason, actor, wait, json }: DecideOptions,
): Promise<void> {
  const issued = await decide(instance, { ...body, reason, ...(actor === undefined ? {} : { actor }) });
  const { directive, note } = issued;
  const settled = wait === true && (await waitUntilSettled(instance, issued, SETTLE_MS));
  if (wait === true && !settled)
    throw new KenalError(
      'unavailable',
      `${directive.kind} ${directive.id} is decided and stands in the log, but has not taken effect within ${SETTLE_MS / 1_000} s; kenal doctor tells what stands still`,
    );
  if (json === true) return printJson(cli, { directive, settled, note });
  const effect = settled ? 'It has taken effect.' : 'It takes effect within a moment (--wait waits for it).';
  print(cli, `${directive.kind} ${directive.id} by ${directive.actor}. ${effect}`);
  if (note !== null) print(cli, plainText(note));
}
