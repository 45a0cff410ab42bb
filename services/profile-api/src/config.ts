import { adapterEnvironment, parseEnvironment } from '@kenal/service-kit';
import { z } from 'zod';

/** The only place of this service that reads the environment. */
const environment = adapterEnvironment.extend({
  KENAL_SQL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('port of the SQL endpoint; default 8123 or the next free one; 0 takes a free one'),
});

export type Configuration = z.infer<typeof environment>;

export const DEFAULT_PORT = 8080;
export const DEFAULT_SQL_PORT = 8123;

/** @throws KenalError `bad_config` naming each variable at fault */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Configuration {
  return parseEnvironment(environment, variables);
}
