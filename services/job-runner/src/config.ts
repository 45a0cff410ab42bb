import { adapterEnvironment, exportDirVariable } from '@kenal/service-kit';
import { z } from 'zod';

/** The variables that this service reads. */
export const environmentSchema = adapterEnvironment.extend({
  KENAL_EXPORT_DIR: exportDirVariable,
  KENAL_API_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      error: 'must be an address such as http://127.0.0.1:8081',
    })
    .describe('root of the profile API, where decisions are handed in'),
  KENAL_STEWARD_KEY: z
    .string()
    .regex(/^[^\s,]+(\s*,\s*[^\s,]+)*$/, { error: 'must be a steward key, several with commas: one of each workspace' })
    .meta({ secret: true })
    .describe('steward key of each workspace whose records are linked'),
});
