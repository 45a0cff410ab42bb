import {
  EXPORT_JOB,
  type ExportConfig,
  exportJob,
  exportStatement,
  type JobQueue,
  type JsonObject,
  type KenalConfig,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  type DeclaredExport,
  declaredExports,
  exportFolder,
  exportRuns,
  faultOfWebhookUrl,
  type Logger,
  type Reader,
} from '@kenal/service-kit';
import type { ManagedSettings } from '../settings/managed-settings.ts';
import type { ExportView } from './schemas.ts';

export interface ManagedExportsDeps {
  readonly config: KenalConfig;
  readonly settings: ManagedSettings;
  readonly queue: Pick<JobQueue, 'add' | 'find'>;
  readonly logger: Logger;
  /** Folder below which files are; undefined: this process sees none. */
  readonly exportBase: string | undefined;
}

/** Exports of a workspace, and what may be done with them. */
export function createManagedExports({ config, settings, queue, logger, exportBase: base }: ManagedExportsDeps) {
  async function list(workspace: string): Promise<DeclaredExport[]> {
    await settings.catchUp();
    return declaredExports({ config, settings, logger }, workspace);
  }

  /** @throws KenalError `not_found` */
  async function find(workspace: string, name: string): Promise<DeclaredExport> {
    const all = await list(workspace);
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    const there = all.length === 0 ? 'there is none' : `there are ${all.map((one) => one.name).join(', ')}`;
    throw new KenalError('not_found', `there is no export ${name}; ${there}`);
  }

  async function filesOf({ workspace, name, to }: DeclaredExport): Promise<ExportView['files']> {
    if (base === undefined || to.s3 !== undefined) return [];
    try {
      const folder = await exportFolder(base, workspace, to.folder ?? name, false);
      return folder === null ? [] : await exportRuns(folder, name);
    } catch (err) {
      logger.warn({ err, workspace, export: name }, 'the folder of an export cannot be read');
      return [];
    }
  }

  return {
    async show(workspace: string): Promise<ExportView[]> {
      return Promise.all((await list(workspace)).map(present));
    },
    /** @throws KenalError `name_taken`, `bad_body` */
    async create(by: Reader, { name, ...document }: ExportConfig): Promise<ExportView> {
      const { workspace } = by;
      const own = config.workspaces.find(({ id }) => id === workspace);
      const s3 = document.to.s3;
      const fault =
        s3 === undefined || own?.dangerouslyAllowPrivateExports ? null : faultOfWebhookUrl(s3.endpoint, false);
      if (fault !== null) throw new KenalError('bad_body', `to.s3.endpoint ${fault}`, { path: 'to.s3.endpoint' });
      if ((await list(workspace)).some((one) => one.name === name))
        throw new KenalError('name_taken', `there is an export ${name}; remove it first, or choose another name`);
      await settings.put(by, 'export', name, JSON.parse(JSON.stringify(document)) as JsonObject);
      return present(await find(workspace, name));
    },
    /** @throws KenalError `not_found`, `in_configuration` for one of kenal.yaml */
    async remove(by: Reader, name: string): Promise<void> {
      const { from } = await find(by.workspace, name);
      if (from === 'kenal.yaml')
        throw new KenalError('in_configuration', `the export ${name} stands in kenal.yaml: remove it there`);
      await settings.put(by, 'export', name, null);
    },
    /** @returns id of the job */
    async run(workspace: string, name: string): Promise<string> {
      await find(workspace, name);
      return (await queue.add([exportJob(workspace, name)]))[0]!;
    },
  };

  async function present(one: DeclaredExport): Promise<ExportView> {
    const { workspace, name, from, format, compression, schedule = null, keep = null, to } = one;
    const job = await queue.find(EXPORT_JOB, { uniqueKey: `${workspace} ${name}` });
    return {
      ...{ name, from, query: exportStatement(one), format, compression, schedule, keep },
      where: to.s3 === undefined ? `${workspace}/${to.folder ?? name}` : `s3://${to.s3.bucket}/${to.s3.prefix}`,
      ...{ state: job?.state ?? null, lastError: job?.lastError ?? null, files: await filesOf(one) },
    };
  }
}

export type ManagedExports = ReturnType<typeof createManagedExports>;
