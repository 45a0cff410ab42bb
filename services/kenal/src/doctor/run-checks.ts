import { type Endpoints, readEndpoints } from '../client/endpoints.ts';
import { answers } from '../client/instance.ts';
import { checkConfig } from './config.ts';
import type { Finding } from './finding.ts';
import { checkInstance } from './instance.ts';
import { checkDataDir, checkDisk, checkNode } from './machine.ts';
import { checkPort } from './port.ts';
import { checkServers } from './servers.ts';

export interface CheckOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  /** Instance to look at instead of the one that endpoints.json names. */
  readonly url?: string;
}

type Checked = Finding | readonly Finding[];

/** Look at everything; a check that itself breaks is a finding too. */
export async function runChecks({ environment, dataDir, url: asked }: CheckOptions): Promise<readonly Finding[]> {
  const endpoints = readEndpoints(dataDir);
  const url = asked ?? endpoints?.url;
  const checks: Readonly<Record<string, () => Checked | Promise<Checked>>> = {
    node: checkNode,
    'data directory': () => checkDataDir(dataDir),
    disk: () => checkDisk(dataDir),
    configuration: async () => checkConfig(environment, await configOf(endpoints, url)),
    servers: () => checkServers(environment),
    instance: () => checkInstance(url, endpoints, dataDir),
    port: () => checkPort(environment.KENAL_PORT, url),
  };
  const groups = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return await check();
      } catch (error) {
        return { name, state: 'fail', detail: error instanceof Error ? error.message : String(error) } as const;
      }
    }),
  );
  return groups.flat();
}

/** The kenal.yaml of the instance that runs, as `checkConfig` takes it. */
async function configOf(endpoints: Endpoints | null, url: string | undefined): Promise<string | null | undefined> {
  if (endpoints === null || endpoints.url !== url || !(await answers(url))) return undefined;
  return endpoints.config;
}
