import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { prepareImport, readMappingFile } from './index.ts';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test.each(names)('%s maps the sample rows in its own comment', async (name) => {
  const mapping = readMappingFile(join(folder, name));
  // `#   …`: three blanks set a sample apart from what is said
  const sample = mapping.text.split('\n').flatMap((line) => /^# {3}(.*)$/.exec(line)?.[1] ?? []);
  const file = join(mkdtempSync(join(tmpdir(), 'kenal-example-')), 'sample');
  writeFileSync(file, `${sample.join('\n')}\n`);
  const prepared = await prepareImport(file, mapping, 'UTC');
  let rows = 0;
  for await (const group of prepared.rows.rows())
    for (const read of group) {
      if (!read.ok) throw new Error(read.broken.reason);
      const made = prepared.toEvent(read.row);
      expect(made).toMatchObject({ ok: true });
      expect(made.ok && made.identifiers.length).toBeGreaterThan(0);
      rows++;
    }
  expect(rows).toBe(1);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`(${name})`);
});
