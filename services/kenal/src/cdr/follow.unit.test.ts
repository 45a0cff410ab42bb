import { EventEmitter, once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCounts, createPositionFile, follow, importCdr, type PostLines } from './index.ts';

let folder: string;
let file: string;
let sent: string[];
let away: boolean;
let notes: string[];
const news = new EventEmitter();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kenal-cdr-'));
  file = join(folder, 'Master.csv');
  [sent, notes, away] = [[], [], false];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `line#2` for the second of equal lines; a part counts as sent when it is acknowledged. */
const post: PostLines = async (body) => {
  if (away) throw new Error('nobody answers');
  const { lines } = JSON.parse(body) as { lines: { line: string; occurrence: number }[] };
  sent.push(...lines.map(({ line, occurrence }) => `${line}#${occurrence}`));
  news.emit('sent');
  return { accepted: lines.length, rejected: [] };
};

/** A follower as one process has it. @returns how to end it */
function start(): () => Promise<void> {
  const stop = new AbortController();
  const position = createPositionFile(join(folder, 'data'), { file, workspace: 'shop', source: 'pbx' });
  const onNote = (text: string): void => {
    notes.push(text);
    news.emit('sent');
  };
  const quick = { lookMs: 1, graceMs: 5 };
  const ended = follow({ ...quick, file, position, post, counts: createCounts(), signal: stop.signal, onNote }).catch(
    () => undefined,
  );
  return async () => {
    stop.abort();
    await ended;
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await once(news, 'sent');
}
const all = (...lines: readonly string[]) => until(() => lines.every((line) => sent.includes(`${line}#1`)));
const write = (...lines: readonly string[]): void => appendFileSync(file, lines.map((line) => `${line}\n`).join(''));

test('lines are sent as they are written, whole, and equal ones are counted', async () => {
  const stop = start();
  write('a', 'b', 'a', '');
  await all('a', 'b');
  // Read with the line before it, and not sent until it is whole
  appendFileSync(file, 'c\nhalf');
  await all('c');
  write(' and half');
  await all('half and half');
  appendFileSync(file, Buffer.from([0x4d, 0xfc, 0x6c, 0x0d, 0x0a]));
  await all('Mül');
  await stop();
  expect(sent).toEqual(['a#1', 'b#1', 'a#2', 'c#1', 'half and half#1', 'Mül#1']);
});

test('after a restart it goes on where lines were acknowledged, and counts equal ones over the whole file', async () => {
  write('a', 'a', 'b');
  const first = start();
  await all('b');
  await first();
  write('a', 'c');
  const second = start();
  await all('c');
  await second();
  expect(sent).toEqual(['a#1', 'a#2', 'b#1', 'a#3', 'c#1']);
});

test('what was not acknowledged is sent again', async () => {
  write('a');
  const first = start();
  await all('a');
  away = true;
  write('b');
  await first();
  away = false;
  const second = start();
  await all('b');
  await second();
  expect(sent).toEqual(['a#1', 'b#1']);
});

test('a file that is renamed is read to its end, also what comes to it late, before the new one', async () => {
  const stop = start();
  write('a');
  await all('a');
  appendFileSync(file, 'b\nc');
  renameSync(file, `${file}.1`);
  write('d', 'a');
  await all('d');
  await stop();
  expect(sent).toEqual(['a#1', 'b#1', 'c#1', 'd#1', 'a#1']);
  expect(notes).toEqual([`${file} was rotated`]);
});

test('a file that is copied and cut is read on in the copy, and then from its beginning', async () => {
  const stop = start();
  write('a');
  await all('a');
  write('b');
  copyFileSync(file, join(folder, 'Master-20261130.csv'));
  truncateSync(file);
  write('c');
  await all('b', 'c');
  await stop();
  expect(new Set(sent)).toEqual(new Set(['a#1', 'b#1', 'c#1']));
});

test('a file that is cut and soon longer than before is known to be another', async () => {
  write('first');
  const first = start();
  await all('first');
  await first();
  write('second');
  copyFileSync(file, `${file}.1`);
  writeFileSync(file, `${'x\n'.repeat(3)}and more than there was before\n`);
  const second = start();
  await all('and more than there was before');
  await second();
  expect(sent).toEqual(['first#1', 'second#1', 'x#1', 'x#2', 'x#3', 'and more than there was before#1']);
});

test('rotations while nobody followed are caught up with: the rest of the old file, packed or not, and those after it', async () => {
  write('a', 'b');
  const first = start();
  await all('b');
  await first();
  write('c');
  writeFileSync(`${file}.2.gz`, gzipSync(readFileSync(file)));
  rmSync(file);
  writeFileSync(`${file}.1`, 'd\n');
  writeFileSync(`${file}.errors`, 'none of ours\n');
  write('e');
  const second = start();
  await all('c', 'd', 'e');
  await second();
  expect(sent).toEqual(['a#1', 'b#1', 'c#1', 'd#1', 'e#1']);
});

test('where the old file is gone it says so, and goes on with the new one', async () => {
  write('a');
  const first = start();
  await all('a');
  await first();
  rmSync(file);
  write('b');
  const second = start();
  await all('b');
  await second();
  expect(notes).toEqual([expect.stringContaining('cannot be found')]);
});

test('a file that is not there yet is waited for', async () => {
  const stop = start();
  write('a');
  await all('a');
  await stop();
  expect(sent).toEqual(['a#1']);
});

test('lines of a whole file, packed or not, have the numbers that following gave them; one without end is cut', async () => {
  write('a', 'a', 'b', 'x'.repeat(100_000));
  appendFileSync(file, 'last');
  const stop = start();
  await all('b');
  await stop();
  const followed = [...sent];
  sent = [];
  expect(await importCdr(file, post)).toMatchObject({ lines: 5, accepted: 5, rejected: 0 });
  expect(sent).toEqual([...followed, 'last#1']);
  expect(sent[3]?.length).toBeLessThan(20_010);
  const plain = [...sent];
  sent = [];
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
  await importCdr(`${file}.gz`, post);
  expect(sent).toEqual(plain);
});

/** Whatever a log rotation and a supervisor may do. */
const doings = {
  write: () => undefined,
  rename() {
    shift();
    renameSync(file, `${file}.1`);
    writeFileSync(file, '');
  },
  cut() {
    shift();
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  },
  restart: () => undefined,
} as const;

/** `.1` → `.2` and so on. */
function shift(): void {
  for (let n = 9; n > 0; n--) if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`);
}

test('whatever a rotation does, and whenever we are started anew, every line is sent', async () => {
  const doing = fc.constantFrom(...(Object.keys(doings) as (keyof typeof doings)[]));
  const step = fc.record({ doing, lines: fc.integer({ min: 1, max: 3 }), waits: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      sent = [];
      let [written, stop] = [1, start()];
      write('line 0');
      await all('line 0');
      const expected = (): string[] => Array.from({ length: written }, (_none, n) => `line ${n}`);
      for (const one of steps) {
        for (let n = 0; n < one.lines; n++) write(`line ${written++}`);
        if (one.waits) await all(...expected());
        doings[one.doing]();
        if (one.doing !== 'restart') continue;
        await stop();
        stop = start();
      }
      write(`line ${written++}`);
      await all(...expected());
      await stop();
      // Some twice, where it was started anew amid a rotation: their ids are the same
      expect(new Set(sent)).toEqual(new Set(expected().map((line) => `${line}#1`)));
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
    }),
    { numRuns: Math.min(100, Number(process.env.KENAL_PROPERTY_RUNS ?? 30)) },
  );
});
