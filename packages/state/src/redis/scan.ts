import type { ComponentSnapshot } from '@kenal/contracts';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';
import { readComponents } from './read-components.ts';

/** Keys that Redis looks at in one command; more where others' keys are all that it finds. 2 ms at most. */
const KEYS_A_COMMAND = 500;
const MOST_KEYS_A_COMMAND = 8_000;
/** A page ends with the command that reaches it. */
const COMPONENTS_A_PAGE = 100;

export interface ScanPage {
  readonly components: readonly ComponentSnapshot[];
  readonly cursor: string | null;
}

/**
 * Redis' own SCAN, which gives each key that is there all the while at least once. It goes through the keys of all
 * workspaces: an index of each one's components would cost memory with every person, and sweeps are rare. A server that was
 * started anew orders its keys otherwise, so the cursor says whose it is and the scan begins again where that is another.
 * @param cursor e.g. `8d0f…:1536`: the server's run id, its cursor
 */
export async function scan(connection: Connection, workspace: string, cursor: string | null): Promise<ScanPage> {
  const keys = keysOf(workspace);
  const prefix = keys.component('');
  const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
  let at = cursor ?? '';
  const ids = new Set<string>();
  let count = KEYS_A_COMMAND;
  do {
    const page = await connection.within(scanOnce(connection.redis, at, pattern, count));
    at = page.cursor;
    count = page.found.length > 0 ? KEYS_A_COMMAND : Math.min(2 * count, MOST_KEYS_A_COMMAND);
    for (const key of page.found) ids.add(key.slice(prefix.length));
  } while (at !== '' && ids.size < COMPONENTS_A_PAGE);
  const { components } = await readComponents(connection, keys, [...ids]);
  return { components: components.filter(({ version }) => version > 0), cursor: at === '' ? null : at };
}

async function scanOnce(redis: Connection['redis'], cursor: string, pattern: string, count: number) {
  const [run = '', position = '0'] = cursor.split(':');
  // Asked before and after, as the connection may come back to another server in between
  const [before, [next, found], after] = await Promise.all([
    runId(redis),
    redis.scan(position, 'MATCH', pattern, 'COUNT', count),
    runId(redis),
  ]);
  if (before !== after || (run !== '' && run !== before)) return { cursor: `${after}:0`, found: [] };
  return { cursor: next === '0' ? '' : `${after}:${next}`, found };
}

async function runId(redis: Connection['redis']): Promise<string> {
  return /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '';
}
