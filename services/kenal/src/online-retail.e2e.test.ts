import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kenal, type RunningKenal, temporaryDirectory, up } from './testing/cli.ts';

// Never committed: beside the repository, or where KENAL_REFERENCE_DATA says. Provenance: UCI set 352, CC BY 4.0.
const root = process.env.KENAL_REFERENCE_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(root, 'transactions', 'online_retail.csv.gz');
const map = fileURLToPath(new URL('../examples/online-retail.yaml', import.meta.url));
const MINUTES = 60_000;

// Figures of analytics.md: customer known, not cancelled, quantity and price above zero
const CLEAN = `SELECT count(), uniqExact(profile_id), uniqExact(order_id), uniqExact(item_id), toString(sum(amount)) FROM order_items
  WHERE profile_id != '' AND order_id NOT LIKE 'C%' AND quantity > 0 AND price > 0`;
const ALL = "SELECT count(), uniqExact(message_id), countIf(profile_id = '') FROM interactions";

describe.skipIf(!existsSync(file))('Online Retail, 541,909 lines, through the CLI (needs ../shared/data)', () => {
  const dataDir = temporaryDirectory();
  let running: RunningKenal;
  beforeAll(async () => {
    running = await up(dataDir);
  });
  afterAll(async () => void (await running?.stop()));

  test.each(['first', 'second'])(
    'the published figures come out of SQL exactly after the %s import',
    async () => {
      const { code, stdout, stderr } = await kenal(dataDir, ['import', file, '--map', map, '--json']);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      const summary = JSON.parse(stdout);
      console.log(`imported in ${summary.seconds} s`);
      expect(summary).toMatchObject({
        rows: 541_909,
        accepted: 541_909,
        rejected: 0,
        withoutIdentifier: 135_080,
        stored: true,
      });
      const clean = await kenal(dataDir, ['sql', CLEAN, '-f', 'csv']);
      expect(clean.stdout).toBe('397884,4338,18532,3665,"8911407.904"\n');
      const all = await kenal(dataDir, ['sql', ALL, '-f', 'csv']);
      expect(all.stdout).toBe('541909,541909,135080\n');
    },
    15 * MINUTES,
  );
});
