import { adapterEnvironment, parseEnvironment } from '@kenal/service-kit';
import { z } from 'zod';

const schema = adapterEnvironment.extend({
  KENAL_SQL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('port of the SQL endpoint; 0 takes a free one'),
  KENAL_DEMO: z.enum(['on', 'off']).optional().describe('off: no demo data; default: on where there is no kenal.yaml'),
  KENAL_PUBLIC_URL: z
    .url({ error: 'must be an address such as https://events.example.com' })
    .optional()
    .describe('how clients reach this process; default: as each client did'),
  KENAL_LINK_SECRET: z
    .string()
    .min(16)
    .meta({ secret: true })
    .optional()
    .describe('signs click redirects (/v1/c); unset: there are none'),
});

export type UpEnvironment = z.infer<typeof schema>;

/** What `kenal up` reads from the environment; command line options win. @throws KenalError `bad_config` */
export function readUpEnvironment(variables: Readonly<Record<string, string | undefined>>): UpEnvironment {
  return parseEnvironment(schema, variables);
}
