import { adapterEnvironment, parseEnvironment } from '@kenal/service-kit';
import { z } from 'zod';

const schema = adapterEnvironment.pick({
  KAFKA_BROKERS: true,
  KENAL_DATA: true,
  KENAL_CONFIG: true,
  KENAL_HOST: true,
  KENAL_PORT: true,
  KENAL_LOG: true,
});

/** The only place of this service that reads the environment. */
const environment = schema.extend({
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

export type Configuration = z.infer<typeof environment>;

export const DEFAULT_PORT = 8080;

/** @throws KenalError `bad_config` naming each variable at fault */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Configuration {
  return parseEnvironment(environment, variables);
}
