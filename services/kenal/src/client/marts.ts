import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './call.ts';
import type { Instance } from './instance.ts';

type RunState = 'waiting' | 'delayed' | 'active' | 'running' | 'done' | 'failed' | 'dead';

/** A mart, as the profile API writes it. */
export interface MartShown {
  readonly name: string;
  readonly what: string;
  readonly kind: 'view' | 'stored' | 'shown';
  /** Of what is shown, the mart that stores it. */
  readonly by: string | null;
  /** Whether it can be asked as of a past day. */
  readonly asOf: boolean;
  readonly state: 'current' | 'never' | RunState;
  /** ISO 8601. */
  readonly refreshedAt: string | null;
  readonly rows: number | null;
  readonly seconds: number | null;
  readonly error: string | null;
  /** ISO 8601. */
  readonly next: string | null;
}

/** A refresh of a mart, as the profile API writes it. */
export interface MartRunShown {
  readonly mart: string;
  readonly job: string;
  readonly full: boolean;
  readonly state: RunState;
  readonly step: string | null;
  readonly rows: number;
  readonly seconds: number;
  readonly error: string | null;
}

type Steward = Pick<Instance, 'apiUrl' | 'stewardKey'>;

export interface Following {
  /** Told of each new step. */
  readonly onChange?: (run: MartRunShown) => void;
  /** Ends the waiting, with an error; the refresh goes on. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 250;

export async function listMarts(instance: Instance): Promise<readonly MartShown[]> {
  const reply = await call(`${instance.apiUrl}/v1/marts`, { key: instance.readKey() });
  return ((await reply.json()) as { readonly marts: readonly MartShown[] }).marts;
}

/** Ask for a refresh; where one like it waits or runs, it is that one. */
export async function askForRefresh(instance: Steward, mart: string, full: boolean): Promise<MartRunShown> {
  const reply = await call(`${instance.apiUrl}/v1/marts/${encodeURIComponent(mart)}/refresh`, {
    key: instance.stewardKey(),
    body: JSON.stringify({ full }),
    headers: { 'content-type': 'application/json' },
  });
  return (await reply.json()) as MartRunShown;
}

/** Follow a refresh until it is over: done, or dead after its last attempt. */
export async function followRefresh(
  instance: Steward,
  { mart, job }: Pick<MartRunShown, 'mart' | 'job'>,
  { onChange, signal }: Following = {},
): Promise<MartRunShown> {
  let said = '';
  for (;;) {
    const url = `${instance.apiUrl}/v1/marts/${encodeURIComponent(mart)}/runs/${encodeURIComponent(job)}`;
    const run = (await (await call(url, { key: instance.stewardKey() })).json()) as MartRunShown;
    if (run.state === 'done' || run.state === 'dead') return run;
    const now = `${run.state} ${run.step ?? ''} ${run.error ?? ''}`;
    if (now !== said) onChange?.(run);
    said = now;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}
