import {
  EXPORT_JOB,
  type ExportConfig,
  exportJob,
  exportStatement,
  type JobQueue,
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
import { DATABASE } from '../sql/guard/catalogue.ts';
import type { SqlGuard } from '../sql/guard/guard.ts';
import { engineFault } from '../sql/sql-fault.ts';
import type { ExportView } from './schemas.ts';

export interface ManagedExportsDeps {
  readonly config: KenalConfig;
  readonly settings: ManagedSettings;
  readonly queue: Pick<JobQueue, 'add' | 'find'>;
  readonly guard: SqlGuard;
  readonly logger: Logger;
  /** Folder below which files are; undefined: this process sees none. */
  readonly exportBase: string | undefined;
}

/** Exports of a workspace, and what may be done with them. */
export function createManagedExports(deps: ManagedExportsDeps) {
  const { config, settings, queue, guard, logger, exportBase: base } = deps;
  const known = (workspace: string) => declaredExports({ config, settings, logger }, workspace);

  /** As far as settings were read. @throws KenalError `not_found` */
  function knownOne(workspace: string, name: string): DeclaredExport {
    const all = known(workspace);
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

  /** @throws KenalError `bad_body` for what could never be run */
  async function mustRun(wanted: Pick<ExportConfig, 'what' | 'sql' | 'fields'>): Promise<void> {
    const path = wanted.sql === undefined ? 'what' : 'sql';
    const { readable } = await guard.catalogue();
    if (wanted.what !== undefined && !readable.has(`${DATABASE}.${wanted.what}`))
      throw new KenalError('bad_body', `what: there is no view ${wanted.what} that readers may read`, { path });
    const { format } = await guard.admit(exportStatement(wanted), {}).catch((cause: unknown) => {
      const fault = engineFault(cause);
      throw fault === null ? cause : new KenalError('bad_body', `${path}: ${fault.message}`, { path, cause });
    });
    if (format !== null)
      throw new KenalError('bad_body', `${path}: leave FORMAT ${format} out, and set \`format\``, { path });
  }

  return {
    async show(workspace: string): Promise<ExportView[]> {
      await settings.catchUp();
      return Promise.all(known(workspace).map(present));
    },
    /** @throws KenalError `name_taken`, `bad_body` */
    async create(by: Reader, { name, ...document }: ExportConfig): Promise<ExportView> {
      const { workspace } = by;
      const own = config.workspaces.find(({ id }) => id === workspace);
      const s3 = document.to.s3;
      const fault =
        s3 === undefined || own?.dangerouslyAllowPrivateExports ? null : faultOfWebhookUrl(s3.endpoint, false);
      if (fault !== null) throw new KenalError('bad_body', `to.s3.endpoint ${fault}`, { path: 'to.s3.endpoint' });
      await mustRun(document);
      await settings.change(by, 'export', name, () => {
        if (known(workspace).some((one) => one.name === name))
          throw new KenalError('name_taken', `there is an export ${name}; remove it first, or choose another name`);
        return document;
      });
      return present(knownOne(workspace, name));
    },
    /** @throws KenalError `not_found`, `in_configuration` for one of kenal.yaml */
    async remove(by: Reader, name: string): Promise<void> {
      await settings.change(by, 'export', name, () => {
        if (knownOne(by.workspace, name).from === 'kenal.yaml')
          throw new KenalError('in_configuration', `the export ${name} stands in kenal.yaml: remove it there`);
        return null;
      });
    },
    /** @returns id of the job */
    async run(workspace: string, name: string): Promise<string> {
      await settings.catchUp();
      knownOne(workspace, name);
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
