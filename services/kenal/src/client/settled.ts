import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerError, call } from './call.ts';
import type { Instance } from './instance.ts';
import { sqlRows } from './sql.ts';

const POLL_SECONDS = 10;

/**
 * Wait until everything that was acknowledged up to now is resolved and stored.
 * An instance in one process says so itself; elsewhere the newest events, by their ids, must have appeared.
 * @param source that the ids belong to
 * @returns false where it took longer than `timeoutMs`
 */
export async function waitUntilStored(
  instance: Instance,
  source: string | undefined,
  lastIds: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const told = await askSettled(instance, source);
    if (told === true) return true;
    if (told === null && (await allVisible(instance, source, lastIds))) return true;
    if (told === null) await sleep(500);
  }
  return false;
}

/** @returns null where this instance does not know (it is spread over several processes) */
async function askSettled(instance: Instance, source: string | undefined): Promise<boolean | null> {
  try {
    const reply = await call(`${instance.url}/v1/settled?wait=${POLL_SECONDS}`, { key: instance.writeKey(source) });
    return ((await reply.json()) as { settled?: unknown }).settled === true;
  } catch (error) {
    if (error instanceof AnswerError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  }
}

async function allVisible(instance: Instance, source: string | undefined, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const list = ids.map((id) => `'${id.replace(/[\\']/g, '\\$&')}'`).join(',');
  const from = source === undefined ? '' : 'source = {source:String} AND ';
  const [row] = await sqlRows<{ n: string }>(
    instance,
    `SELECT uniqExact(message_id) AS n FROM interactions WHERE ${from}message_id IN (${list})`,
    source === undefined ? undefined : { source },
  );
  return Number(row?.n) >= new Set(ids).size;
}
