import { EXPORT_COMPRESSIONS, EXPORT_FORMATS, exportManifestSchema } from '@kenal/contracts';
import { z } from 'zod';

const nullable = z.string().nullable();

export const exportView = z
  .object({
    name: z.string(),
    from: z.enum(['kenal.yaml', 'api']).describe('kenal.yaml: it is changed there'),
    query: z.string().describe('what is asked'),
    format: z.enum(EXPORT_FORMATS),
    compression: z.enum(EXPORT_COMPRESSIONS),
    where: z.string().describe('folder below KENAL_EXPORT_DIR, or bucket'),
    schedule: nullable.describe('cron, in the time zone of the workspace'),
    keep: z.number().int().nullable().describe('runs of which files are kept; null: all'),
    state: nullable.describe('of the run that waits or runs, or was dead last: waiting, delayed, active, dead'),
    lastError: nullable,
    files: z
      .array(exportManifestSchema)
      .describe('of whole runs that are in the folder still, the newest first; who was erased since is in them'),
  })
  .meta({ id: 'Export' });
export type ExportView = z.infer<typeof exportView>;

export const exportsView = z.object({ exports: z.array(exportView) }).meta({ id: 'Exports' });
export const exportParams = z.object({ name: z.string().min(1).max(63) });
export const removedExport = z.object({ removed: z.string().describe('name of the export; its files stay') });
export const startedExport = z.object({ job: z.string().describe('id of the job: GET /v1/jobs/export/{id}') });
