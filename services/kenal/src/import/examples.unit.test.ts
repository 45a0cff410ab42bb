import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { prepareImport, readMappingFile } from './index.ts';
import type { RowEvent } from './to-event.ts';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test.each(names)('%s maps the sample rows in its own comment', async (name) => {
  const made = await samplesOf(name);
  expect(made).toMatchObject([{ ok: true }]);
  expect(made[0]?.ok && made[0].identifiers.length).toBeGreaterThan(0);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`(${name})`);
});

async function samplesOf(name: string): Promise<RowEvent[]> {
  const mapping = readMappingFile(join(folder, name));
  // `#   …`: three blanks set a sample apart from what is said
  const sample = mapping.text.split('\n').flatMap((line) => /^# {3}(.*)$/.exec(line)?.[1] ?? []);
  const file = join(mkdtempSync(join(tmpdir(), 'kenal-example-')), 'sample');
  writeFileSync(file, `${sample.join('\n')}\n`);
  const prepared = await prepareImport(file, mapping, 'UTC');
  const made: RowEvent[] = [];
  for await (const group of prepared.rows.rows())
    for (const read of group) {
      if (!read.ok) throw new Error(read.broken.reason);
      made.push(prepared.toEvent(read.row));
    }
  return made;
}

test.each([
  ['shop-tills.yaml', { channel: 'store', actor: { kind: 'staff', id: 'C07', team: 'Leeds' } }],
  [
    'field-sales.yaml',
    {
      channel: 'field',
      direction: 'outbound',
      actor: { kind: 'staff', id: 'r.weiss', team: 'south' },
      accountId: 'ACME-4711',
      caseId: 'OPP-88',
    },
  ],
  [
    'direct-mail.yaml',
    {
      channel: 'mail',
      direction: 'outbound',
      actor: { kind: 'system', id: 'lettershop' },
      conversationId: 'P-000917',
    },
  ],
  [
    'telemarketing.yaml',
    {
      channel: 'phone',
      direction: 'outbound',
      actor: { kind: 'partner', id: 'tm-14', team: 'telemarketing agency' },
      conversationId: 'T-55102',
    },
  ],
])('%s says over which channel, which way and by whom', async (name, placement) => {
  const [made] = await samplesOf(name);
  expect(made?.ok && made.event.context?.kenal).toEqual(placement);
});
