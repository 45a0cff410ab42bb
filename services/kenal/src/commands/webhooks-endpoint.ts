import { CHANGE_FILTER_NAMES, CHANGE_TYPES, type ChangeFilter } from '@kenal/contracts';
import type { Command } from 'commander';
import type { CommonOptions } from '../cli/cli.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { WebhookChange } from '../client/webhooks.ts';

/** What can be said of an endpoint, when it is made and later. */
export type EndpointOptions = CommonOptions &
  Readonly<Partial<Record<keyof ChangeFilter, readonly string[]>>> & {
    readonly actions?: boolean;
    readonly description?: string;
  };
// `--url` is where Kenal is
export type SetOptions = EndpointOptions & { readonly address?: string; readonly all?: boolean };

/** Options of `add` and `set` that make a filter. */
export function withFilter(command: Command): Command {
  return command
    .option('--types <types>', `with commas: ${CHANGE_TYPES.join(', ')}`, listOf)
    .option('--changed <paths>', 'with commas: traits.email, computed.*, identifiers …', listOf)
    .option('--segments <moves>', 'with commas: entered:vip, left:vip …', listOf)
    .option('--identifier-types <types>', 'with commas: of profiles that have an identifier of these types', listOf)
    .option('--profile-ids <ids>', 'with commas: of these profiles only', listOf);
}

/** @returns undefined where nothing of it was said */
export function filterOf(options: EndpointOptions): Readonly<Record<string, unknown>> | undefined {
  const given = CHANGE_FILTER_NAMES.filter((name) => options[name] !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, options[name]]));
}

/** @throws UsageError where nothing is to be changed */
export function changeOf(options: SetOptions): WebhookChange {
  const { address: url, description, actions, all } = options;
  const filter = filterOf(options);
  if (all && filter !== undefined) throw new UsageError('give --all or a filter, not both');
  const given = Object.entries({ url, description, actions, filter: all ? {} : filter });
  const change = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  if (Object.keys(change).length === 0)
    throw new UsageError(
      'say what to change: --address, --description, --actions, --no-actions, --all, or a filter such as --types',
    );
  return change;
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}
