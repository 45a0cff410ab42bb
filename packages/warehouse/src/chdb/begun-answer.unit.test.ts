import { expect, test } from 'vitest';
import { beginAnswer, createWaiting } from './begun-answer.ts';
import type { NativeAnswer, TakeBytes } from './guarded-session.ts';

const PIECE = new Uint8Array(600_000).fill(65);
const DONE: NativeAnswer = { bytes: new Uint8Array(0), rowsRead: 3, bytesRead: 9, rowsWritten: 0, elapsedSeconds: 1 };

test('an answer begins with its second half a MiB, and its figures grow to the whole', async () => {
  const engine = Promise.withResolvers<NativeAnswer>();
  const takes: TakeBytes[] = [];
  const begun = beginAnswer((take) => {
    takes.push(take);
    return engine.promise;
  });
  takes[0]?.(PIECE, 1);
  takes[0]?.(PIECE, 1);
  const { stream, known } = await begun;
  expect(known()).toMatchObject({ rowsRead: 2, bytesRead: 1_200_000 });
  engine.resolve(DONE);
  expect(Buffer.concat(await stream.toArray())).toHaveLength(1_200_000);
  expect(known()).toBe(DONE);
});

test('a failure is told before that, and fails the stream after', async () => {
  const fault = new Error('Code: 153. DB::Exception: Division by zero. (ILLEGAL_DIVISION)');
  await expect(beginAnswer(() => Promise.reject(fault))).rejects.toBe(fault);
  const late = await beginAnswer(async (take) => {
    for (let i = 0; i < 3; i++) take(PIECE, 1);
    throw fault;
  });
  await expect(late.stream.toArray()).rejects.toMatchObject({ clickhouseCode: 153 });
});

test('who reads too slowly fills no memory: the statement is ended', async () => {
  const engine = Promise.withResolvers<NativeAnswer>();
  const { stream } = await beginAnswer(
    (take, signal) => {
      signal.addEventListener('abort', () => engine.reject(signal.reason));
      for (let i = 0; i < 4; i++) take(PIECE, 1);
      return engine.promise;
    },
    createWaiting({ ofOne: 2_000_000, ofAll: 9_000_000 }),
  );
  await expect(stream.toArray()).rejects.toMatchObject({ clickhouseCode: 396 });
});

test('nor do many who read slowly: the one for whom most waits is ended, also where its statement is done', async () => {
  const waiting = createWaiting({ ofOne: 9_000_000, ofAll: 4_000_000 });
  const begin = (pieces: number) =>
    beginAnswer(async (take) => {
      for (let i = 0; i < pieces; i++) take(PIECE, 1);
      return DONE;
    }, waiting);
  const [large, small, third] = [await begin(3), await begin(2), await begin(2)];
  await expect(large.stream.toArray()).rejects.toMatchObject({ clickhouseCode: 396 });
  for (const { stream } of [small, third]) expect(Buffer.concat(await stream.toArray())).toHaveLength(1_200_000);
});

test('who leaves gets nothing more', async () => {
  const { stream } = await beginAnswer(async (take) => {
    take(PIECE, 1);
    take(PIECE, 1);
    await new Promise((resolve) => setImmediate(resolve));
    take(PIECE, 1);
    return DONE;
  });
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(stream.readableLength).toBeLessThanOrEqual(1_200_000);
});
