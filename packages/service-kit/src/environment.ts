import { KenalError } from '@kenal/errors';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const url = z.string().min(1);

/** The variables that choose adapters and ports; the same names in every service. */
export const adapterEnvironment = z.object({
  KAFKA_BROKERS: url.optional().describe('host:port,host:port of Kafka; unset: the embedded log under KENAL_DATA'),
  REDIS_URL: url.optional().describe('redis://… for the identity state; unset: SQLite under KENAL_DATA'),
  CLICKHOUSE_URL: url
    .optional()
    .describe('http(s)://user:password@host:port of ClickHouse or `kenal chdb-server`; unset: chDB under KENAL_DATA'),
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
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`);
  throw new KenalError('bad_config', `environment: ${faults.join('; ')}`);
}
