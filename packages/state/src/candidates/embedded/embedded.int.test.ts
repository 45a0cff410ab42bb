import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { candidateIndexContract } from '../contract/suite.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kenal-candidates-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

candidateIndexContract('SQLite', async () => ({ dataDir }));
