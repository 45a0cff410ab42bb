import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { hashKey } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenal, type RunningKenal, temporaryDirectory, up } from './testing/cli.ts';

// Never committed: beside the repository, or where KENAL_REFERENCE_DATA says. Provenance: UCI set 352, CC BY 4.0.
const root = process.env.KENAL_REFERENCE_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(root, 'transactions', 'online_retail.csv.gz');
const map = fileURLToPath(new URL('../examples/online-retail.yaml', import.meta.url));
const MINUTES = 60_000;
const ROWS = 541_909;
const AGAIN = Number(process.env.KENAL_REIMPORT_ROWS ?? 50_000);

// Figures of analytics.md: customer known, not cancelled, quantity and price above zero
const CLEAN = `SELECT count(), uniqExact(profile_id), uniqExact(order_id), uniqExact(item_id), toString(sum(amount)) FROM order_items
  WHERE profile_id != '' AND order_id NOT LIKE 'C%' AND quantity > 0 AND price > 0`;
// The same rows in the marts: recency, frequency and money with the bounds of their fifths; gaps; the first cohort
const RFM = `SELECT round(avg(recency), 3), round(avg(frequency), 3), round(avg(monetary), 3), arrayMap(cut -> round(cut, 3), any(recency_cuts)), any(frequency_cuts),
  arrayMap(cut -> round(cut, 3), any(monetary_cuts)) FROM rfm_as_of(as_of = '2011-12-10')`;
const TOP = `SELECT round(100 * sumIf(monetary, place <= 868) / sum(monetary), 2) FROM
  (SELECT monetary, row_number() OVER (ORDER BY monetary DESC) AS place FROM rfm_as_of(as_of = '2011-12-10'))`;
const GAPS = `SELECT count(), round(avg(gap), 3), quantileExactInclusive(0.5)(gap), quantileExactInclusive(0.8)(gap), quantileExactInclusive(0.9)(gap) FROM
  (SELECT arrayJoin(arrayPopFront(arrayDifference(arraySort(groupUniqArray(toInt32(day)))))) AS gap FROM customer_day WHERE gross > 0 GROUP BY profile_id)`;
const COHORT = `SELECT arrayStringConcat(groupArray(toString(customers)), ' ') FROM
  (SELECT customers FROM cohorts_as_of(as_of = '2011-12-09') WHERE cohort = '2010-12-01' ORDER BY months)`;
const ALL = "SELECT count(), uniqExact(message_id), countIf(profile_id = '') FROM interactions";

const dataDir = await migratedDirectory();

describe.skipIf(!existsSync(file))('Online Retail, 541,909 lines, through the CLI (needs ../shared/data)', () => {
  let running: RunningKenal;
  beforeAll(async () => {
    const KENAL_CONFIG = join(dataDir, 'kenal.yaml');
    // Figures are proven here, not how fast they come: `test/bench` does that
    const source = `{ id: import, kind: import, keys: [{ key: "${hashKey('of nobody here')}" }] }`;
    writeFileSync(KENAL_CONFIG, `workspaces: [{ id: default, sources: [${source}], sql: { maxSeconds: 240 } }]\n`);
    running = await up(dataDir, { KENAL_CONFIG });
  });
  afterAll(async () => void (await running?.stop()));

  test(
    'the published figures come out of SQL exactly',
    async () => {
      expect(await imported(file)).toMatchObject({ rows: ROWS, accepted: ROWS, new: ROWS, withoutIdentifier: 135_080 });
      await figuresHold();
      const told = async (sql: string): Promise<string> => {
        const { stdout, stderr } = await kenal(dataDir, ['sql', sql, '-f', 'csv']);
        expect(stderr).toBe('');
        return stdout.trim();
      };
      expect(await told(RFM)).toBe(
        '93.059,4.272,2054.266,"[13.8,33,72,180]","[1,2,3,6]","[250.194,490.096,942.276,2058.426]"',
      );
      expect(await told(TOP)).toBe('74.62');
      expect(await told(GAPS)).toBe('12425,45.657,28,70,110');
      expect(await told(COHORT)).toBe('"885 324 286 340 321 352 321 309 313 350 331 445 235"');
    },
    15 * MINUTES,
  );

  test(
    `importing ${AGAIN} of its lines again changes nothing`,
    async () => {
      expect(await imported(AGAIN < ROWS ? beginningOf(file, AGAIN) : file)).toMatchObject({
        rows: AGAIN,
        accepted: AGAIN,
        ...{ new: 0, known: AGAIN },
      });
      await figuresHold();
    },
    15 * MINUTES,
  );

  test(
    'what was learnt of it is shown with its quality: leaving cannot be told, coming back can',
    async () => {
      expect(await kenal(dataDir, ['mart', 'refresh', 'models', '--wait'])).toMatchObject({ code: 0 });
      const { stdout } = await kenal(dataDir, ['model', 'show', '--json']);
      const fits: Record<string, unknown>[] = JSON.parse(stdout).fits;
      const of = (model: string) => fits.find((fit) => fit.model === model);
      expect(of('pareto-nbd')).toMatchObject({
        customers: 4_338,
        until: '2011-12-09',
        ridge: true,
        limit_model: 'nbd',
        used: false,
      });
      expect(of('churn')).toMatchObject({ holdout_from: '2011-09-10', horizon_days: 90, used: true });
      expect(of('churn')!.auc).toBeGreaterThan(0.73);
      const out = join(dataDir, 'fit.html');
      const page = await kenal(dataDir, ['model', 'report', '--until', '2011-08-31', '--out', out, '--json']);
      expect(JSON.parse(page.stdout)).toMatchObject({ customers: 3_317 });
      expect(readFileSync(out, 'utf8')).toContain('<h1>');
      expect((await kenal(dataDir, ['model', 'show', 'pareto-nbd'])).stdout).toMatch(
        /\n! +ridge: .*; nbd is offered\nnbd +r \d/,
      );
    },
    15 * MINUTES,
  );

  async function imported(path: string): Promise<unknown> {
    const { code, stdout, stderr } = await kenal(dataDir, ['import', path, '--map', map, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ rejected: 0, stored: true });
    console.log(`${summary.rows} rows imported in ${summary.seconds} s`);
    return summary;
  }

  async function figuresHold(): Promise<void> {
    const clean = await kenal(dataDir, ['sql', CLEAN, '-f', 'csv']);
    expect(clean.stdout).toBe('397884,4338,18532,3665,"8911407.904"\n');
    const all = await kenal(dataDir, ['sql', ALL, '-f', 'csv']);
    expect(all.stdout).toBe('541909,541909,135080\n');
  }
});

/** The first lines of the file as a file of its own: an id hangs on a row and on how often it came before, never on what follows. */
function beginningOf(path: string, rows: number): string {
  const lines = gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n', rows + 1);
  const beginning = join(temporaryDirectory(), 'online_retail_begins.csv');
  writeFileSync(beginning, `${lines.join('\n')}\n`);
  return beginning;
}
