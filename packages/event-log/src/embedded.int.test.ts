import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventLog } from './contract.ts';

describeEventLog('SQLite', async () => ({
  kind: 'embedded',
  logDir: await mkdtemp(join(tmpdir(), 'kenal-log-')),
  leaseMs: 1_500,
  retentionCheckMs: 60_000,
}));
