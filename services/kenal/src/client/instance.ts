import { KenalError } from '@kenal/errors';
import { UsageError } from '../cli/usage-error.ts';
import { type Endpoints, endpointsPath, readEndpoints, type WorkspaceAccess } from './endpoints.ts';

/** A running Kenal as a command sees it. */
export interface Instance {
  /** Root of the tracking API. */
  readonly url: string;
  /** Root of the profile API and of `/v1/sql`. */
  readonly apiUrl: string;
  /** IANA name; UTC where it is not known. */
  readonly timezone: string;
  /** Null where the instance was given by `--url` and its data directory is not here. */
  readonly endpoints: Endpoints | null;
  /** @throws UsageError where no key is known */
  readKey(): string;
  /** @throws UsageError where no key is known */
  stewardKey(): string;
  /** @param source id of the source that the events come from; without it the default one */
  writeKey(source?: string): string;
  /** Ids of the sources whose keys are known. */
  readonly sources: readonly string[];
}

export interface InstanceOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly dataDir: string;
  readonly workspace?: string | undefined;
}

const PROBE_MS = 3_000;

/**
 * Find the instance to speak to: `--url` and `--key`, else what `endpoints.json` in the data directory says.
 * @throws KenalError `not_running` where there is no such file, or nobody answers at its address
 */
export async function findInstance(options: InstanceOptions): Promise<Instance> {
  const endpoints = readEndpoints(options.dataDir);
  if (options.url !== undefined) {
    const url = rootOf(options.url);
    const own = endpoints !== null && [endpoints.url, endpoints.apiUrl].includes(url) ? endpoints : null;
    return instanceOf(own?.url ?? url, own?.apiUrl ?? url, options, own);
  }
  if (endpoints === null) {
    throw new KenalError(
      'not_running',
      `there is no ${endpointsPath(options.dataDir)}; start one with \`npm start\`, or name one with --url and --key`,
    );
  }
  if (!(await answers(endpoints.url))) {
    throw new KenalError(
      'not_running',
      `${endpointsPath(options.dataDir)} names ${endpoints.url}, where nobody answers (it was not stopped in good order); start it again with \`npm start\``,
    );
  }
  return instanceOf(endpoints.url, endpoints.apiUrl ?? endpoints.url, options, endpoints);
}

/** Whether a Kenal answers there now. */
export async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(PROBE_MS) });
    return reply.ok;
  } catch {
    return false;
  }
}

function instanceOf(url: string, apiUrl: string, options: InstanceOptions, endpoints: Endpoints | null): Instance {
  const access = endpoints === null ? null : accessOf(endpoints, options.workspace);
  const { key } = options;
  return {
    url,
    apiUrl,
    endpoints,
    timezone: access?.timezone ?? 'UTC',
    sources: Object.keys(access?.sources ?? {}),
    readKey: () => known(key ?? access?.readKey, 'read', apiUrl),
    stewardKey: () => known(key ?? access?.stewardKey, 'steward', apiUrl),
    writeKey: (source) => {
      const found = key ?? (source === undefined ? access?.writeKey : access?.sources[source]);
      if (found !== undefined) return found;
      if (access !== null)
        throw new UsageError(
          `this machine knows no key of a source ${source}: kenal.yaml has none of that name, or has two keys of its own for it (then give one with --key); known are those of ${Object.keys(access.sources).join(', ')}`,
        );
      throw new UsageError(`no write key is known for ${url}; give one with --key`);
    },
  };
}

function known(key: string | undefined, kind: string, url: string): string {
  if (key === undefined) throw new UsageError(`no ${kind} key is known for ${url}; give one with --key`);
  return key;
}

function accessOf(endpoints: Endpoints, workspace: string | undefined): WorkspaceAccess {
  const found = endpoints.workspaces[workspace ?? endpoints.workspace];
  if (found !== undefined) return found;
  const known = Object.keys(endpoints.workspaces).join(', ');
  throw new UsageError(`there is no workspace ${workspace ?? endpoints.workspace}; there are ${known}`);
}

function rootOf(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`--url ${text} is no address; write it like http://127.0.0.1:8080`);
  return text.replace(/\/+$/, '');
}
