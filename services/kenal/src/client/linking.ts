import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** A pass over all records, as the profile API writes it. */
export interface PassShown {
  readonly job: string;
  readonly state: 'waiting' | 'delayed' | 'active' | 'running' | 'done' | 'failed' | 'dead';
  readonly step: string | null;
  readonly model: string | null;
  readonly learnt: boolean;
  readonly records: number;
  readonly pairs: number;
  readonly links: number;
  readonly withdrawn: number;
  readonly suggestions: number;
  readonly error: string | null;
}

const POLL_MS = 250;

/** Ask for a pass; where one waits or runs, it is that one. */
export async function askForPass(instance: Instance, retrain: boolean): Promise<PassShown> {
  const reply = await call(`${instance.apiUrl}/v1/identity/link`, {
    key: instance.stewardKey(),
    body: JSON.stringify({ retrain }),
    headers: { 'content-type': 'application/json' },
  });
  return (await reply.json()) as PassShown;
}

/** Follow a pass until it is over: done, or dead after its last attempt. @param onChange told of each new step */
export async function followPass(
  instance: Instance,
  job: string,
  onChange: (pass: PassShown) => void,
): Promise<PassShown> {
  let said = '';
  for (;;) {
    const url = `${instance.apiUrl}/v1/identity/link/${encodeURIComponent(job)}`;
    const pass = (await (await call(url, { key: instance.stewardKey() })).json()) as PassShown;
    if (pass.state === 'done' || pass.state === 'dead') return pass;
    const now = `${pass.state} ${pass.step ?? ''} ${pass.error ?? ''}`;
    if (now !== said) onChange(pass);
    said = now;
    await sleep(POLL_MS);
  }
}
