import { z } from 'zod';
import { cronSchema } from './marts.ts';
import type { NewJob } from './ports/job-queue.ts';

export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type ExportCompression = (typeof EXPORT_COMPRESSIONS)[number];

/** What stands for people, one a row, in place of the name of a view. */
export const PROFILES = 'profiles';
/** Columns of view `profiles` that are fields as they are. */
export const PLAIN_FIELDS = ['first_seen', 'last_seen', 'interactions', 'version', 'identifier_count'] as const;
const PART_FIELD = /^(?:traits|computed|identifiers|consent)\..+$/s;

const MOST_SQL = 65_536;
const MOST_FIELDS = 200;
/** `crm/daily`: no way out of the folder of exports, and no hidden file. */
const FOLDER = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}){0,7}$/;
/** What may be sent to a bucket: no other variable of this process is shown to whoever names an endpoint. */
const CREDENTIAL = /^env:(?:AWS|KENAL_EXPORT)_[A-Z0-9_]+$/;

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' });
const credential = z.string().regex(CREDENTIAL, {
  error: 'must be `env:` and a variable whose name begins with AWS_ or KENAL_EXPORT_',
});

const s3Schema = z.strictObject({
  endpoint: z.url().describe('such as https://s3.eu-central-1.amazonaws.com'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .default('us-east-1'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be the name of a bucket' }),
  prefix: z
    .string()
    .regex(/^(?:[A-Za-z0-9._-]+\/)*[A-Za-z0-9._-]*$/, { error: 'must be letters, digits, ., _, - and /' })
    .max(512)
    .default('')
    .describe('what names of objects begin with, such as kenal/'),
  pathStyle: z
    .boolean()
    .default(false)
    .describe('true: the bucket stands in the path (MinIO and others), not in the host'),
  accessKeyId: credential.describe('never the key itself'),
  secretAccessKey: credential.describe('never the secret itself'),
});
export type S3Place = z.infer<typeof s3Schema>;

const to = z
  .strictObject({
    folder: z
      .string()
      .regex(FOLDER, { error: 'must be a folder below KENAL_EXPORT_DIR: letters, digits, ., _, - and / between names' })
      .optional()
      .describe('below KENAL_EXPORT_DIR; default: one of the name of the export'),
    s3: s3Schema.optional().describe('a bucket of Amazon S3 or of what speaks like it'),
  })
  .describe('a folder, or a bucket');

const field = z.string().refine((text) => (PLAIN_FIELDS as readonly string[]).includes(text) || PART_FIELD.test(text), {
  error: `must be one of ${PLAIN_FIELDS.join(', ')}, or such as traits.email, computed.churn.band, identifiers.email, consent.newsletter`,
});

const EXPORT = {
  what: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be profiles, or the name of a view' })
    .optional()
    .describe('`profiles` (a row a person), or a view or mart; or `sql`'),
  sql: z.string().min(1).max(MOST_SQL).optional().describe('a SELECT over the views, in place of `what`'),
  fields: z
    .array(field)
    .min(1)
    .max(MOST_FIELDS)
    .optional()
    .describe('of profiles: these as columns, such as traits.email; without it traits, identifiers … as JSON'),
  format: z
    .enum(EXPORT_FORMATS)
    .default('csv')
    .describe('`csv` (with names), `ndjson` (a JSON object a line), `parquet`'),
  compression: z.enum(EXPORT_COMPRESSIONS).default('none').describe('of csv and ndjson; Parquet is compressed inside'),
  to: to.prefault({}),
  schedule: cronSchema
    .optional()
    .describe('when, as cron writes it, in the zone of the workspace; without it when asked for'),
  keep: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('of a folder: so many runs are kept, older ones are deleted; without it all'),
};

type Wanted = z.infer<z.ZodObject<typeof EXPORT>>;

function refuseContradictions(
  { what, sql, fields, format, compression, to: place, keep }: Wanted,
  ctx: z.RefinementCtx,
) {
  const say = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message });
  if ((what === undefined) === (sql === undefined)) say('what', 'must be given, or `sql`, and not both');
  if (fields !== undefined && what !== PROFILES) say('fields', 'must be left out: only `what: profiles` has fields');
  if (format === 'parquet' && compression !== 'none') say('compression', 'must be none: Parquet is compressed inside');
  if (place.folder !== undefined && place.s3 !== undefined) say('to', 'must be a folder or a bucket, not both');
  if (keep !== undefined && place.s3 !== undefined)
    say('keep', 'must be left out: a bucket has rules of its own for that');
}

/** An export of kenal.yaml; also the body of `POST /v1/exports`. */
export const exportSchema = z
  .strictObject({ name: name.describe('as people call it, and its files'), ...EXPORT })
  .superRefine(refuseContradictions);
export type ExportConfig = z.infer<typeof exportSchema>;

/** Document of a setting of kind `export`. */
export const exportDocumentSchema = z.object(EXPORT);

/** Name of the jobs that write an export, data `{workspace, export}`. */
export const EXPORT_JOB = 'export';

/** Of a workspace one runs at a time; while one waits or runs, asking again changes nothing. */
export function exportJob(workspace: string, exported: string): NewJob {
  const uniqueKey = `${workspace} ${exported}`;
  return { name: EXPORT_JOB, data: { workspace, export: exported }, uniqueKey, limit: { key: workspace, parallel: 1 } };
}

/** Beside each file of an export, written when that is whole: without it a file is none. */
export const exportManifestSchema = z.object({
  name: z.string().describe('of the export'),
  file: z.string().describe('beside the manifest'),
  format: z.enum(EXPORT_FORMATS),
  compression: z.enum(EXPORT_COMPRESSIONS),
  rows: z.number().int(),
  bytes: z.number().int().describe('of the file'),
  sha256: z.string().describe('of the file, hex'),
  query: z.string().describe('what was asked'),
  started: z.string().describe('ISO 8601, UTC'),
  finished: z.string().describe('ISO 8601, UTC; who was erased before `started` is not in it'),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;
