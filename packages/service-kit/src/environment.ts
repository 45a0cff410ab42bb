import { KenalError } from '@kenal/errors';
import { z } from 'zod';
import { checkValue, listFaults } from './check/checked.ts';

const port = z.coerce.number().int().min(0).max(65_535);
// kafka-1:9092,kafka-2:9092
const BROKERS = /^\s*[^\s,/]+:\d{1,5}\s*(,\s*[^\s,/]+:\d{1,5}\s*)*$/;

/** An address that may hold a password, so that it is never shown. */
const address = (schemes: readonly string[], example: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
      error: `must be an address such as ${example}`,
    })
    .meta({ secret: true });

/** The variables that choose adapters and ports; the same names in every service. */
export const adapterEnvironment = z.object({
  KAFKA_BROKERS: z
    .string()
    .regex(BROKERS, { error: 'must be host:port, several with commas' })
    .optional()
    .describe('Kafka; unset: the embedded log under KENAL_DATA'),
  REDIS_URL: address(['redis:', 'rediss:'], 'redis://127.0.0.1:6379')
    .optional()
    .describe('the identity state; unset: SQLite under KENAL_DATA'),
  CLICKHOUSE_URL: address(['http:', 'https:'], 'http://user:password@127.0.0.1:8123')
    .optional()
    .describe('ClickHouse or `kenal chdb-server`; unset: chDB under KENAL_DATA'),
  KENAL_DATA: z.string().min(1).default('.kenal').describe('folder of embedded data'),
  KENAL_CONFIG: z
    .string()
    .min(1)
    .optional()
    .describe('path of kenal.yaml; default: ./kenal.yaml where it exists, else a development workspace'),
  KENAL_HOST: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  KENAL_PORT: port.optional().describe('HTTP port; 0 takes a free one'),
  KENAL_LOG: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('log level'),
});

/** `KENAL_PUBLIC_URL` of the services that tell others where they are reached. */
export const publicUrlVariable = z
  .url({ error: 'must be an address such as https://events.example.com' })
  .optional()
  .describe('how clients and vendors reach the collectors; default: as each did');

/** `KENAL_EXPORT_DIR` of the services that write exports, and tell of them. */
export const exportDirVariable = z
  .string()
  .min(1)
  .optional()
  .describe('folder below which exports are written; default: `exports` below KENAL_DATA');

/**
 * Read the environment through a schema; an empty variable counts as unset.
 * @throws KenalError `bad_config` naming each variable, what was wrong and what is legal
 */
export function parseEnvironment<S extends z.ZodType>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<S> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const checked = checkValue(schema, given);
  if (checked.ok) return checked.value;
  throw new KenalError('bad_config', listFaults('the environment', checked));
}
