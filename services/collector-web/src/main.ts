import { openCollectorLog } from '@kenal/collector-kit';
import { runServiceProcess } from '@kenal/service-kit';
import manifest from '../package.json' with { type: 'json' };
import { createCollectorWeb } from './app.ts';
import { DEFAULT_PORT, environmentSchema } from './config.ts';

const NAME = 'collector-web';
const { version } = manifest;

await runServiceProcess(
  { name: NAME, version, schema: environmentSchema, variables: process.env, defaultPort: DEFAULT_PORT },
  async (parts) =>
    createCollectorWeb({
      ...parts,
      ...(await openCollectorLog(NAME, parts)),
      publicUrl: parts.environment.KENAL_PUBLIC_URL,
      linkSecret: parts.environment.KENAL_LINK_SECRET,
    }),
);
