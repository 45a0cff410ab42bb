import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type ScriptName, textOf } from './gate-scripts.ts';

export type RunScript = (name: ScriptName, base: string, ...given: (string | number)[]) => Promise<unknown>;

/** Run a script by its hash; one that Redis does not know (any more) is sent whole. */
export function createScripts(connection: Redis): RunScript {
  const hashes = new Map<ScriptName, string>();
  return async (name, base, ...given) => {
    const text = textOf(name);
    const hash = hashes.get(name) ?? createHash('sha1').update(text).digest('hex');
    hashes.set(name, hash);
    try {
      return await connection.evalsha(hash, 1, base, ...given);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return connection.eval(text, 1, base, ...given);
    }
  };
}
