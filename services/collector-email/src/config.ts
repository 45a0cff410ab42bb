import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { collectorEnvironment } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import { z } from 'zod';
import { DEFAULT_SMTP_PORT } from './app.ts';
import type { Certificate, SmtpOptions } from './smtp/server.ts';

export const DEFAULT_PORT = 8082;

const smtpEnvironment = z.object({
  KENAL_SMTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('SMTP port, where a source is of kind smtp; default 2525 or the next free one; 0 takes a free one'),
  KENAL_SMTP_CERT: z.string().min(1).optional().describe('path of a certificate (PEM, chain included) for STARTTLS'),
  KENAL_SMTP_KEY: z.string().min(1).optional().describe('path of its private key (PEM)'),
  KENAL_SMTP_NAME: z
    .string()
    .min(1)
    .optional()
    .describe('name of the SMTP server in its greeting; default: the host name'),
});

/** The variables that this service reads. */
export const environmentSchema = collectorEnvironment.extend(smtpEnvironment.shape);
type SmtpEnvironment = z.infer<typeof smtpEnvironment> & { readonly KENAL_HOST: string };

/** @throws KenalError `bad_config` where a certificate comes without its key, or cannot be read */
export function smtpOptionsOf(environment: SmtpEnvironment): SmtpOptions {
  const { KENAL_HOST: host, KENAL_SMTP_PORT: port, KENAL_SMTP_NAME: name = hostname() } = environment;
  return {
    host,
    port: port === undefined ? { number: DEFAULT_SMTP_PORT, onTaken: 'next' } : { number: port, onTaken: 'fail' },
    name,
    certificate: certificateOf(environment),
  };
}

function certificateOf({ KENAL_SMTP_CERT: cert, KENAL_SMTP_KEY: key }: SmtpEnvironment): Certificate | null {
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined || key === undefined)
    throw new KenalError('bad_config', 'KENAL_SMTP_CERT and KENAL_SMTP_KEY go together; one of them is not set');
  return { cert: fileOf('KENAL_SMTP_CERT', cert), key: fileOf('KENAL_SMTP_KEY', key) };
}

function fileOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new KenalError('bad_config', `${variable}: ${path} cannot be read`, { cause });
  }
}
