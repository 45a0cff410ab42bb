import { openCollectorLog } from '@kenal/collector-kit';
import { runServiceProcess } from '@kenal/service-kit';
import manifest from '../package.json' with { type: 'json' };
import { createCollectorEmail } from './app.ts';
import { DEFAULT_PORT, environmentSchema, smtpOptionsOf } from './config.ts';

const NAME = 'collector-email';
const { version } = manifest;

await runServiceProcess(
  { name: NAME, version, schema: environmentSchema, variables: process.env, defaultPort: DEFAULT_PORT },
  async (parts) =>
    createCollectorEmail({
      ...parts,
      ...(await openCollectorLog(NAME, parts)),
      environment: process.env,
      smtp: smtpOptionsOf(parts.environment),
      publicUrl: parts.environment.KENAL_PUBLIC_URL,
    }),
);
