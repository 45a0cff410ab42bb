import { collectorEnvironment } from '@kenal/collector-kit';
import { z } from 'zod';

export const DEFAULT_PORT = 8080;

/** The variables that this service reads. */
export const environmentSchema = collectorEnvironment.extend({
  KENAL_LINK_SECRET: z
    .string()
    .min(16)
    .meta({ secret: true })
    .optional()
    .describe('signs click redirects (/v1/c); unset: there are none'),
});
