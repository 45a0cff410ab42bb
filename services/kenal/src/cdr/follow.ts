import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../cli/usage-error.ts';
import { bytesOf } from './file-bytes.ts';
import { HEAD_BYTES, hasHead, headOf, NO_HEAD } from './file-head.ts';
import { idOf, type RotatedFile, rotatedOf, withHead } from './find-rotated.ts';
import { createLineSplitter, type FileLine, type LineSplitter } from './line-splitter.ts';
import type { Position, PositionFile } from './position.ts';
import { type LineCounts, type PostLines, sendLines } from './send-lines.ts';

export interface FollowOptions {
  readonly file: string;
  readonly position: PositionFile;
  readonly post: PostLines;
  readonly counts: LineCounts;
  readonly signal: AbortSignal;
  /** Told of rotations, and of what cannot be found again. */
  readonly onNote?: (text: string) => void;
  /** How often it looks for more, milliseconds; default 200. */
  readonly lookMs?: number;
  /** How long a file that was renamed may still be written by whoever has it open, milliseconds; default 1,000. */
  readonly graceMs?: number;
}

const LOOK_MS = 200;
const GRACE_MS = 1_000;
const CHUNK_BYTES = 256 * 1024;
const MOST_LINES = 5_000;

/**
 * Send what is written to a file, from where an earlier run ended, until it is told to stop. The file may be renamed and
 * made anew, or copied and cut: the rest of the old one is sent first. The position is raised only when lines are
 * acknowledged, and ids depend on the lines alone, so that a crash loses nothing and adds nothing twice.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { file, position, signal } = options;
  while (!signal.aborted) {
    const handle = await openWhenThere(file, signal);
    if (handle === null) return;
    try {
      const { ino } = await handle.stat();
      const before = position.load();
      if (before !== null && (await isSame(file, handle, ino, before))) {
        await followOne(options, handle, { ...before, inode: ino });
        continue;
      }
      const others = before === null ? rotatedOf(file).map(({ id }) => id) : await sendRest(options, before);
      await followOne(options, handle, { inode: ino, offset: 0, head: NO_HEAD, others });
    } finally {
      await handle.close();
    }
  }
}

async function isSame(file: string, handle: FileHandle, inode: number, before: Position): Promise<boolean> {
  if (before.head.length > 0) return stands(handle, before);
  // Nothing was read of it: where something was rotated away since, that may be what it was
  return before.inode === inode && newlyRotated(file, before).length === 0;
}

/** One file until it is rotated, or we are stopped. */
async function followOne(options: FollowOptions, handle: FileHandle, start: Position): Promise<void> {
  const { file, position, post, counts, signal, onNote, lookMs = LOOK_MS, graceMs = GRACE_MS } = options;
  const splitter = createLineSplitter(start.offset);
  let at = start;
  /** Of what is surely of this file. */
  let { head } = start;
  const send = (lines: readonly FileLine[]): Promise<void> =>
    sendLines(lines, post, counts, (end) => {
      at = { ...at, offset: end, head: headOf(splitter.beginning, end) };
      position.save(at);
    });
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  position.save(at);
  while (!signal.aborted) {
    const isUnread = head.length === 0;
    const lines = await readOn(handle, splitter);
    const read = { ...at, offset: splitter.taken, head: headOf(splitter.beginning, splitter.taken) };
    const isRenamed = inodeOf(file) !== at.inode;
    if (!(await stands(handle, read)) || (isUnread && !isRenamed && newlyRotated(file, at).length > 0)) {
      onNote?.(`${file} was cut`);
      // What was read just now may be of the new file already
      await sendRest(options, { ...at, head });
      return;
    }
    head = read.head;
    await send(lines);
    if (lines.length > 0) continue;
    if (!isRenamed) {
      await pause(lookMs);
      continue;
    }
    await pause(graceMs);
    if (signal.aborted) return;
    await send(await readOn(handle, splitter));
    await send(splitter.end());
    onNote?.(`${file} was rotated`);
    const others = [...at.others, idOf(await handle.stat())];
    return position.save({ inode: 0, offset: 0, head: NO_HEAD, others });
  }
}

/**
 * The rest of the file that was followed before, wherever it lies now, and files that were rotated away after it.
 * @returns ids of the rotated files that there are now
 */
async function sendRest(options: FollowOptions, before: Position): Promise<readonly string[]> {
  const { file, position, onNote } = options;
  const rotated = rotatedOf(file);
  const others = rotated.map(({ id }) => id);
  if (before.head.length === 0) {
    for (const { path } of newlyRotated(file, before)) await sendWhole(options, path, 0);
  } else {
    const old = await withHead(rotated, before.head);
    if (old === null) onNote?.(`what ${file} was before cannot be found; import the rest of it when it can`);
    else await sendWhole(options, old.path, before.offset, (end) => position.save({ ...before, offset: end }));
    // Of the later ones nothing is remembered: cut short, they are sent again, and add nothing twice
    const later = rotated.filter((one) => old !== null && one !== old && one.modified >= old.modified);
    for (const { path } of later) await sendWhole(options, path, 0);
  }
  position.save({ inode: 0, offset: 0, head: NO_HEAD, others });
  return others;
}

function newlyRotated(file: string, { others }: Position): readonly RotatedFile[] {
  return rotatedOf(file).filter(({ id }) => !others.includes(id));
}

async function sendWhole(
  { post, counts }: FollowOptions,
  path: string,
  from: number,
  onDone?: (end: number) => void,
): Promise<void> {
  const splitter = createLineSplitter(from);
  for await (const bytes of bytesOf(path)) await sendLines(splitter.push(bytes), post, counts, onDone);
  await sendLines(splitter.end(), post, counts, onDone);
}

/** Everything between what was read and the end, as lines; a last one without a line break waits. */
async function readOn(handle: FileHandle, splitter: LineSplitter): Promise<FileLine[]> {
  const lines: FileLine[] = [];
  while (lines.length < MOST_LINES) {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, Math.min(CHUNK_BYTES, size - splitter.taken)));
    if (buffer.length === 0) break;
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, splitter.taken);
    lines.push(...splitter.push(buffer.subarray(0, bytesRead)));
  }
  return lines;
}

/** Whether it is still the file of which so much was read. */
async function stands(handle: FileHandle, { offset, head }: Position): Promise<boolean> {
  const { size } = await handle.stat();
  return size >= offset && hasHead(await headBytes(handle), head);
}

async function headBytes(handle: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

async function openWhenThere(file: string, signal: AbortSignal): Promise<FileHandle | null> {
  while (!signal.aborted) {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle !== null) return handle;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

function inodeOf(file: string): number | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw new UsageError(`${file} is a folder; name the file that Asterisk writes`);
  return stat?.ino ?? null;
}
