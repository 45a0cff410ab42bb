import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one workspace of a running instance is reached with. Keys are generated and stand in clear text. */
export interface WorkspaceAccess {
  /** Key of the source that events go to unless another is named. */
  readonly writeKey: string;
  readonly readKey: string;
  /** Decides who is who. */
  readonly stewardKey: string;
  readonly timezone: string;
  readonly currency: string;
  /** Write key of each source. */
  readonly sources: Readonly<Record<string, string>>;
  /** Where vendors deliver, by source: `http://127.0.0.1:8080/v1/hooks/stripe/shop/payments` */
  readonly hooks: Readonly<Record<string, string>>;
}

/** Content of `endpoints.json` in the data directory: where a running instance answers, from which clients take their defaults. */
export interface Endpoints {
  /** Root of the tracking API. */
  readonly url: string;
  /** Root of the profile API, where it has an address of its own. */
  readonly apiUrl?: string;
  /** Roots of the services that run as processes of their own and that no client speaks to, by name. */
  readonly services?: Readonly<Record<string, string>>;
  /** Root of the SQL port. */
  readonly sqlUrl: string;
  /** Where mail is taken, for `<write key of the source>@…`; missing where no source is of kind smtp. */
  readonly smtpUrl?: string;
  readonly writeKey: string;
  readonly readKey: string;
  readonly stewardKey: string;
  /** Workspace that these keys belong to. */
  readonly workspace: string;
  readonly workspaces: Readonly<Record<string, WorkspaceAccess>>;
  /** Path of the kenal.yaml that it was started with; null where a development workspace stands in. */
  readonly config?: string | null;
  /** Process that wrote the file. */
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
}

export function endpointsPath(dataDir: string): string {
  return join(dataDir, 'endpoints.json');
}

/** @returns null where there is no such file, or it is none of ours */
export function readEndpoints(dataDir: string): Endpoints | null {
  try {
    const found = JSON.parse(readFileSync(endpointsPath(dataDir), 'utf8')) as Endpoints;
    return typeof found === 'object' && found !== null && typeof found.url === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** Appears whole or not at all; readable by its owner only. */
export function writeEndpoints(dataDir: string, endpoints: Endpoints): void {
  const path = endpointsPath(dataDir);
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export function removeEndpoints(dataDir: string): void {
  rmSync(endpointsPath(dataDir), { force: true });
}
