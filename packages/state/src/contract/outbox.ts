import { once } from 'node:events';
import type { IdentityState, OutboxMessage } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { commitOf, openPlace } from './place.ts';
import { nextLine, spawnChild } from './spawn.ts';
import type { Bench } from './suite.ts';

const text = (messages: readonly OutboxMessage[]) => messages.map(({ value }) => Buffer.from(value).toString());

/** Put messages into the outbox, in order. */
async function put(state: IdentityState, workspace: string, ...values: string[]): Promise<void> {
  const commits = values.map((value) =>
    commitOf(`c-${value}`, 0, { outbox: [{ key: 'k', value: Buffer.from(value) }] }),
  );
  expect(await state.commit(workspace, commits)).not.toContain(false);
}

/** Relay until something comes: the time limit of the test ends it where nothing does. */
async function relayWhenFree(state: IdentityState, workspace: string): Promise<string[]> {
  for (;;) {
    let got: string[] = [];
    const { sent } = await state.relay(workspace, 'next', 100, async (messages) => {
      got = text(messages);
    });
    if (sent > 0) return got;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function outboxPromises({ state, place, workspace }: Bench): void {
  test('messages are handed over in commit order, byte for byte, at most `limit` at once', async () => {
    const ws = workspace();
    const messages = Array.from({ length: 5 }, (_, n) => ({ key: `clé-${n}`, value: new Uint8Array([0, 255, n, 10]) }));
    await state().commit(ws, [
      commitOf('a', 0, { outbox: messages.slice(0, 2) }),
      commitOf('a', 0, { outbox: [{ key: 'lost', value: new Uint8Array() }] }),
      commitOf('b', 0, { outbox: messages.slice(2) }),
    ]);
    const seen: OutboxMessage[] = [];
    const send = async (part: readonly OutboxMessage[]) => void seen.push(...part);
    expect(await state().relay(workspace(), 'h', 3, send)).toEqual({ sent: 0, held: false });
    expect(await state().relay(ws, 'h', 3, send)).toEqual({ sent: 3, held: false });
    expect(await state().relay(ws, 'h', 3, send)).toEqual({ sent: 2, held: false });
    expect(await state().relay(ws, 'h', 3, send)).toEqual({ sent: 0, held: false });
    expect(seen.map(({ key, value }) => [key, [...value]])).toEqual(
      messages.map(({ key, value }) => [key, [...value]]),
    );
  });

  test('of hundreds of commits at once those that lose take no message with them, and the others keep their order', async () => {
    const ws = workspace();
    const numbers = Array.from({ length: 170 }, (_, n) => n);
    const losers = new Set(numbers.filter((n) => n % 3 === 1));
    const messages = (n: number) =>
      Array.from({ length: n % 4 }, (_, m) => ({ key: 'k', value: Buffer.from(`${n}.${m}`) }));
    const commits = numbers.map((n) => commitOf(`c-${n}`, losers.has(n) ? 7 : 0, { outbox: messages(n) }));
    expect(await state().commit(ws, commits)).toEqual(numbers.map((n) => !losers.has(n)));
    const seen: OutboxMessage[] = [];
    await state().relay(ws, 'h', 1_000, async (part) => void seen.push(...part));
    expect(text(seen)).toEqual(text(numbers.filter((n) => !losers.has(n)).flatMap(messages)));
  });

  test('nothing is dropped where sending fails, and the failure reaches the caller as it is', async () => {
    const ws = workspace();
    await put(state(), ws, '1', '2');
    const failure = new Error('the log is away');
    await expect(state().relay(ws, 'h', 10, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await relayWhenFree(state(), ws)).toEqual(['1', '2']);
  });

  test('while one sends no other does, the same holder included, however long it takes', async () => {
    const ws = workspace();
    const other = await openPlace(place());
    await put(state(), ws, '1', '2');
    const lease = place().leaseMs!;
    const { sent } = await state().relay(ws, 'h', 1, async () => {
      for (let waited = 0; waited < 2 * lease; waited += lease / 5) {
        // Not the same as an empty outbox: who asks may not say that its messages are sent
        expect(await other.relay(ws, 'h', 10, async () => {})).toEqual({ sent: 0, held: true });
        await new Promise((resolve) => setTimeout(resolve, lease / 5)); // renewed: longer than the lease
      }
    });
    expect(sent).toBe(1);
    expect(await relayWhenFree(other, ws)).toEqual(['2']);
    await other.close();
  });

  test('relays on many connections send everything once and in order while commits go on', async () => {
    const ws = workspace();
    const relays = await Promise.all(Array.from({ length: 4 }, () => openPlace(place())));
    const seen: string[] = [];
    let writing = true;
    const drains = relays.map(async (relay, n) => {
      while (writing || seen.length < 300) {
        await relay.relay(ws, `h-${n}`, 7, async (messages) => {
          await new Promise(setImmediate);
          seen.push(...text(messages));
        });
        await new Promise(setImmediate);
      }
    });
    const values = Array.from({ length: 300 }, (_, n) => String(n));
    for (let n = 0; n < 300; n += 10) await put(state(), ws, ...values.slice(n, n + 10));
    writing = false;
    await Promise.all(drains);
    expect(seen).toEqual(values);
    await Promise.all(relays.map((relay) => relay.close()));
  });

  test('the outbox of a holder that was killed −9 goes to the next when its lease has run out', async () => {
    const ws = workspace();
    await put(state(), ws, '1', '2', '3');
    const child = spawnChild('holdRelay', place(), ws, 2);
    expect(await nextLine(child)).toBe('sending 1,2');
    await child.kill();
    expect(await relayWhenFree(state(), ws)).toEqual(['1', '2', '3']);
  });

  test('a holder that slept through its lease drops nothing that another has to send', async () => {
    const ws = workspace();
    await put(state(), ws, '1', '2');
    const child = spawnChild('holdRelay', place(), ws, 10);
    expect(await nextLine(child)).toBe('sending 1,2');
    child.process.kill('SIGSTOP');
    expect(await relayWhenFree(state(), ws)).toEqual(['1', '2']);
    await put(state(), ws, '3', '4');
    // It wakes while the next holder is sending what came later.
    const { sent } = await state().relay(ws, 'next', 1, async () => {
      const ended = once(child.process, 'exit');
      child.process.kill('SIGCONT');
      child.process.stdin!.write('x');
      await ended;
    });
    expect(sent).toBe(1);
    expect(await relayWhenFree(state(), ws)).toEqual(['4']);
  });
}
