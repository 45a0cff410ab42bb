import { adapterEnvironment, exportDirVariable, publicUrlVariable } from '@kenal/service-kit';
import { z } from 'zod';

export const DEFAULT_PORT = 8080;
export const DEFAULT_SQL_PORT = 8123;

/** The variables that this service reads. */
export const environmentSchema = adapterEnvironment.extend({
  KENAL_SQL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('port of the SQL endpoint; default 8123 or the next free one; 0 takes a free one'),
  KENAL_PUBLIC_URL: publicUrlVariable,
  KENAL_EXPORT_DIR: exportDirVariable,
});
