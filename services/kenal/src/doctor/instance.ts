import { type Endpoints, endpointsPath } from '../client/endpoints.ts';
import { answers } from '../client/instance.ts';
import { VERSION } from '../version.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Whether the instance answers, which version it is, and what each of its parts says of itself. */
export async function checkInstance(
  url: string | undefined,
  endpoints: Endpoints | null,
  dataDir: string,
): Promise<Finding[]> {
  if (url === undefined) return [warn('instance', `none runs on ${dataDir}`, 'start one with `npm start`')];
  if (!(await answers(url))) {
    const stale = endpoints?.url === url;
    const detail = stale ? `${endpointsPath(dataDir)} names ${url}, where nobody answers` : `nobody answers at ${url}`;
    return [fail('instance', detail, 'start it again with `npm start`; nothing that was acknowledged is lost')];
  }
  const addresses = [...new Set([url, endpoints?.apiUrl ?? url])];
  const parts = await Promise.all(addresses.map(readiness));
  const services = await Promise.all(Object.entries(endpoints?.services ?? {}).map(serviceOf));
  return [await versionOf(url), ...parts.flat(), ...services.flat()];
}

async function versionOf(url: string): Promise<Finding> {
  const reply = await fetch(`${url}/version`);
  const { version } = (await reply.json()) as { version?: string };
  if (version === VERSION) return ok('instance', `${url}, Kenal ${version}`);
  return warn('instance', `${url} is Kenal ${version}, this is ${VERSION}`, 'restart it');
}

/** Nobody speaks to it but the supervisor: where it hangs, events wait in the log and nothing else shows it. */
async function serviceOf([name, url]: [name: string, url: string]): Promise<Finding[]> {
  try {
    return await readiness(url);
  } catch {
    return [fail(name, `does not answer at ${url}`, 'restart it; what was acknowledged waits in the log')];
  }
}

const READINESS_MS = 5_000;

// [+] warehouse: ok
async function readiness(url: string): Promise<Finding[]> {
  const reply = await fetch(`${url}/readyz?verbose`, { signal: AbortSignal.timeout(READINESS_MS) });
  const text = await reply.text();
  return [...text.matchAll(/^\[([+-])\] ([^:]+): (.*)$/gm)].map(([, mark, name = '', detail = '']) => {
    if (mark === '-') return fail(name, detail, 'kenal.log in the data directory says more');
    return detail === 'ok' ? ok(name, detail) : warn(name, detail, 'do as it says; Kenal works meanwhile');
  });
}
