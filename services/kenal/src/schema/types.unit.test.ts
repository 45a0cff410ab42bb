import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readGroup, SHIPPED_GROUPS } from '@kenal/collector-kit';
import { expect, test } from 'vitest';
import { typesOf } from './types.ts';

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/** Lines at which the compiler finds a fault. */
function compile(text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'kenal-types-'));
  writeFileSync(join(folder, 'events.ts'), typesOf(SHIPPED_GROUPS.map(readGroup)));
  writeFileSync(join(folder, 'use.ts'), text);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--types',
    '',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const { stdout } = spawnSync(process.execPath, [TSC, ...options, '--allowImportingTsExtensions', 'use.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/^(\w+\.ts)\((\d+),/gm)].map(([, file, line]) => `${file}:${line}`);
}

test('types of the whole catalogue compile; a call with a wrong name, a wrong type or without what is required does not', () => {
  const faults = compile(`import type { KenalEvents, KenalTrack } from './events.ts';
declare function track(call: KenalTrack): void;
track({ event: 'Order Completed', properties: { order_id: '1', total: '12.50', products: [{ price: 1 }], own: 7 } });
track({ event: 'Call Missed', properties: { outcome: 'missed' } });
track({ event: 'Order Compleeted', properties: { order_id: '1' } });
track({ event: 'Order Completed', properties: { total: '12.50' } });
track({ event: 'Call Missed', properties: { outcome: 'perhaps' } });
export const properties: KenalEvents['Case Opened'] = { case_id: 7 };
`);
  expect(faults).toEqual(['use.ts:5', 'use.ts:6', 'use.ts:7', 'use.ts:8']);
});

test('names that would be one type are told apart, and odd ones are names all the same', () => {
  const properties = { odd: { description: 'also */ here' } };
  const event = { description: 'ends */ here', properties, required: [], additionalProperties: false };
  const events = { 'A b': event, 'A-B': event, '7th': event, KenalTrack: event };
  const text = typesOf([{ group: 'odd', version: 1, events, defs: {} }]);
  expect([...text.matchAll(/^export type (\w+) = /gm)].map(([, name]) => name)).toEqual([
    ...['AB', 'AB2', 'Event7th', 'KenalTrack2', 'KenalTrack'],
  ]);
  expect(text).toContain('ends * / here');
  expect(text).toContain('also * / here');
});
