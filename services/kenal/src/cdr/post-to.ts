import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { type PostOptions, postBatch } from '../client/post-batch.ts';
import type { PostLines } from './send-lines.ts';

/**
 * How lines get to a source of a running Kenal.
 * @param workspace where the instance is known by `--url` alone
 * @throws UsageError where there is no such source, or it is none of an Asterisk
 */
export function postTo(
  instance: Instance,
  source: string,
  workspace: string | undefined,
  retries: Pick<PostOptions, 'onRetry' | 'patienceMs'>,
): PostLines {
  const url = addressOf(instance, source, workspace);
  const key = instance.writeKey(source);
  return (body) => postBatch(body, { url, key, ...retries });
}

function addressOf({ endpoints, url }: Instance, source: string, workspace: string | undefined): string {
  if (endpoints === null) {
    if (workspace === undefined) throw new UsageError('with --url say which --workspace the source is in');
    return `${url}/v1/hooks/asterisk/${workspace}/${source}`;
  }
  const hooks = endpoints.workspaces[workspace ?? endpoints.workspace]?.hooks ?? {};
  const hook = hooks[source];
  if (hook?.includes('/v1/hooks/asterisk/') === true) return hook;
  const exchanges = Object.keys(hooks).filter((id) => hooks[id]?.includes('/v1/hooks/asterisk/') === true);
  const known = exchanges.length === 0 ? 'there is none in kenal.yaml' : `there are ${exchanges.join(', ')}`;
  throw new UsageError(`${source} is no source of kind asterisk; ${known}`);
}
