import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { openEmbeddedState } from '../embedded/index.ts';
import { openRedisState } from '../redis/index.ts';

/** Where a state of a test is; plain data, so that a child process can open the same one. */
export interface Place {
  readonly redisUrl?: string;
  readonly dataDir?: string;
  readonly leaseMs?: number;
}

export function openPlace({ redisUrl, dataDir, leaseMs }: Place): Promise<IdentityState> {
  return redisUrl ? openRedisState({ url: redisUrl, leaseMs }) : openEmbeddedState({ dataDir: dataDir!, leaseMs });
}

/** A commit on `target` at the version seen, with nothing else in it but what is given; a field, as none leaves no target. */
export function commitOf(target: string, seen: number, rest: Partial<ComponentCommit> = {}): ComponentCommit {
  return {
    target,
    expect: new Map([[target, seen]]),
    absent: [],
    absorb: [],
    set: new Map([['f', '1']]),
    unset: [],
    point: [],
    issued: new Map(),
    outbox: [],
    ...rest,
  };
}
