import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, resolve } from 'node:path';
import { loadKenalConfig } from '@kenal/service-kit';
import { type Endpoints, endpointsPath, readEndpoints } from '../client/endpoints.ts';
import { answers } from '../client/instance.ts';
import { VERSION } from '../version.ts';

/** What one check found; `advice` says what to do where it is not well. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly advice?: string;
}

export interface CheckOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  /** Instance to look at instead of the one that endpoints.json names. */
  readonly url?: string;
}

const GIB = 1024 ** 3;
const LEAST_NODE = [22, 18] as const;
const CONNECT_MS = 3_000;

/** Look at everything; a check that itself breaks is a finding too. */
export async function runChecks(options: CheckOptions): Promise<readonly Finding[]> {
  const endpoints = readEndpoints(options.dataDir);
  const url = options.url ?? endpoints?.url;
  const groups = await Promise.all([
    one('node', checkNode),
    one('data directory', () => checkDataDir(options.dataDir)),
    one('disk', () => checkDisk(options.dataDir)),
    one('configuration', () => checkConfig(options.environment)),
    checkServers(options.environment),
    checkInstance(url, endpoints, options.dataDir),
    one('port', () => checkPort(options.environment, url)),
  ]);
  return groups.flat();
}

async function one(name: string, check: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { name, state: 'fail', detail: error instanceof Error ? error.message : String(error) };
  }
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const detail = `Node ${process.versions.node}, Kenal ${VERSION}`;
  if (fits) return { name: 'node', state: 'ok', detail };
  return {
    name: 'node',
    state: 'fail',
    detail,
    advice: 'run `npm start` once: it installs the runtime that Kenal pins',
  };
}

function checkDataDir(dataDir: string): Finding {
  const path = resolve(dataDir);
  const name = 'data directory';
  if (!existsSync(path)) {
    accessSync(nearest(path), constants.W_OK);
    return { name, state: 'ok', detail: `${path} is made at the first start` };
  }
  if (!statSync(path).isDirectory())
    return {
      name,
      state: 'fail',
      detail: `${path} is not a directory`,
      advice: 'choose another with KENAL_DATA or --data',
    };
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    return {
      name,
      state: 'fail',
      detail: `${path} cannot be written`,
      advice: 'give yourself the right to, or choose another with KENAL_DATA',
    };
  }
  return { name, state: 'ok', detail: path };
}

function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(resolve(dataDir)));
  const free = (bavail * bsize) / GIB;
  const detail = `${free.toFixed(1)} GiB free`;
  if (free < 0.5)
    return {
      name: 'disk',
      state: 'fail',
      detail,
      advice: 'make room: Kenal stops taking events when nothing can be written',
    };
  if (free < 5) return { name: 'disk', state: 'warn', detail, advice: 'make room before long' };
  return { name: 'disk', state: 'ok', detail };
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

function checkConfig(environment: CheckOptions['environment']): Finding {
  const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG || undefined, environment });
  if (loaded === null)
    return { name: 'configuration', state: 'ok', detail: 'no kenal.yaml: a development workspace is used' };
  const { workspaces } = loaded.config;
  const sources = workspaces.reduce((sum, workspace) => sum + workspace.sources.length, 0);
  return {
    name: 'configuration',
    state: 'ok',
    detail: `${loaded.path}: ${workspaces.length} workspace(s), ${sources} source(s)`,
  };
}

async function checkServers(environment: CheckOptions['environment']): Promise<Finding[]> {
  const wanted: [name: string, variable: string, address: string][] = [];
  for (const broker of (environment.KAFKA_BROKERS ?? '').split(',').filter(Boolean))
    wanted.push(['kafka', 'KAFKA_BROKERS', `tcp://${broker.trim()}`]);
  if (environment.REDIS_URL) wanted.push(['redis', 'REDIS_URL', environment.REDIS_URL]);
  if (environment.CLICKHOUSE_URL) wanted.push(['clickhouse', 'CLICKHOUSE_URL', environment.CLICKHOUSE_URL]);
  return Promise.all(wanted.map(([name, variable, address]) => one(name, () => checkServer(name, variable, address))));
}

const STANDARD_PORTS: Readonly<Record<string, number>> = {
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
  'tcp:': 9092,
};

async function checkServer(name: string, variable: string, address: string): Promise<Finding> {
  if (!URL.canParse(address))
    return { name, state: 'fail', detail: `${variable} is no address`, advice: 'write it as README.md shows' };
  const { protocol, hostname, port } = new URL(address);
  const number = Number(port) || STANDARD_PORTS[protocol] || 0;
  const place = `${hostname}:${number}`; // never the whole: it may hold a password
  const fault = await connect(hostname.replace(/^\[|\]$/g, ''), number);
  if (fault === null) return { name, state: 'ok', detail: `${place} takes connections` };
  return { name, state: 'fail', detail: `${place}: ${fault}`, advice: `start it, or set ${variable} right` };
}

function connect(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: CONNECT_MS });
    const end = (fault: string | null): void => {
      socket.destroy();
      done(fault);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

async function checkInstance(
  url: string | undefined,
  endpoints: Endpoints | null,
  dataDir: string,
): Promise<Finding[]> {
  const name = 'instance';
  if (url === undefined)
    return [{ name, state: 'warn', detail: `none runs on ${dataDir}`, advice: 'start one with `npm start`' }];
  if (!(await answers(url))) {
    const stale = endpoints?.url === url;
    const detail = stale ? `${endpointsPath(dataDir)} names ${url}, where nobody answers` : `nobody answers at ${url}`;
    return [
      { name, state: 'fail', detail, advice: 'start it again with `npm start`; nothing that was acknowledged is lost' },
    ];
  }
  const addresses = [...new Set([url, endpoints?.apiUrl ?? url])];
  const lines = await Promise.all(addresses.map((address) => readiness(address)));
  return [await versionOf(url), ...lines.flat()];
}

async function versionOf(url: string): Promise<Finding> {
  const reply = await fetch(`${url}/version`);
  const { version } = (await reply.json()) as { version?: string };
  if (version === VERSION) return { name: 'instance', state: 'ok', detail: `${url}, Kenal ${version}` };
  return {
    name: 'instance',
    state: 'warn',
    detail: `${url} is Kenal ${version}, this is ${VERSION}`,
    advice: 'restart it',
  };
}

// [+] warehouse: ok
async function readiness(url: string): Promise<Finding[]> {
  const reply = await fetch(`${url}/readyz?verbose`);
  const text = await reply.text();
  return [...text.matchAll(/^\[([+-])\] ([^:]+): (.*)$/gm)].map(([, mark, name = '', detail = '']): Finding => {
    if (mark === '+') return { name, state: 'ok', detail };
    return { name, state: 'fail', detail, advice: 'kenal.log in the data directory says more' };
  });
}

async function checkPort(environment: CheckOptions['environment'], url: string | undefined): Promise<Finding> {
  const port = Number(environment.KENAL_PORT || 8080);
  const own = url !== undefined && Number(new URL(url).port) === port;
  const taken = (await connect('127.0.0.1', port)) === null;
  if (!taken) return { name: 'port', state: 'ok', detail: `${port} is free` };
  if (own) return { name: 'port', state: 'ok', detail: `${port} is Kenal’s own` };
  const asked = Boolean(environment.KENAL_PORT);
  return {
    name: 'port',
    state: asked ? 'fail' : 'warn',
    detail: `${port} is taken by something else`,
    advice: asked ? 'stop that, or set KENAL_PORT to another' : 'Kenal takes the next free one',
  };
}
