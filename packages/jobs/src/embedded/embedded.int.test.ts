import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { jobQueueContract } from '../contract/suite.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kenal-jobs-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

jobQueueContract('SQLite', async () => ({ dataDir, leaseMs: 600 }));
