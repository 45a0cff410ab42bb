import { existsSync } from 'node:fs';
import { isKenalError, KenalError } from '@kenal/errors';
import { type Cli, type CommonOptions, dataDirOf, note } from '../cli/cli.ts';
import { findInstance, type Instance, type InstanceOptions } from './instance.ts';

/** @returns where and as whom a command should speak */
function instanceOptions(cli: Cli, options: CommonOptions): InstanceOptions {
  return { url: options.url, key: options.key, workspace: options.workspace, dataDir: dataDirOf(cli, options) };
}

/** The running instance that the options name, or that `endpoints.json` does. */
export function runningInstance(cli: Cli, options: CommonOptions): Promise<Instance> {
  return findInstance(instanceOptions(cli, options));
}

/**
 * Do something with the running instance; where a data directory was named and nothing runs on it, with one that is
 * started in this process for as long as it takes. A folder that is not there is made only where `create` says so.
 * Before and after, everything in it is resolved and stored.
 */
export async function withInstance<T>(
  cli: Cli,
  options: CommonOptions,
  work: (instance: Instance) => Promise<T>,
  create: 'where-missing' | 'never' = 'never',
): Promise<T> {
  const wanted = instanceOptions(cli, options);
  const running = await findInstance(wanted).catch((error: unknown) => {
    if (options.data === undefined || !isKenalError(error, 'not_running')) throw error;
    return null;
  });
  if (running !== null) return work(running);
  if (create === 'never' && !existsSync(wanted.dataDir)) {
    throw new KenalError('not_running', `there is no Kenal data in ${wanted.dataDir}; name another folder with --data`);
  }
  const { openTemporaryInstance } = await import('../up/temporary.ts');
  await using temporary = await openTemporaryInstance(cli, wanted);
  if (!options.json && cli.err.isTTY) note(cli, `Nothing runs on ${wanted.dataDir}: opened it for this command.`);
  await temporary.settle();
  const result = await work(temporary.instance);
  await temporary.settle();
  return result;
}
