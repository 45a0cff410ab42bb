import { adapterEnvironment } from '@kenal/service-kit';
import { z } from 'zod';

export const DEFAULT_PORT = 8080;

/** The variables that this service reads. */
export const environmentSchema = adapterEnvironment.omit({ REDIS_URL: true, CLICKHOUSE_URL: true }).extend({
  KENAL_PUBLIC_URL: z
    .url({ error: 'must be an address such as https://events.example.com' })
    .optional()
    .describe('how clients reach this service; default: as each client did'),
  KENAL_LINK_SECRET: z
    .string()
    .min(16)
    .meta({ secret: true })
    .optional()
    .describe('signs click redirects (/v1/c); unset: there are none'),
});
