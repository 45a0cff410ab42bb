import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** An endpoint, as the profile API writes it. */
export interface WebhookShown {
  readonly name: string;
  readonly id: string;
  readonly from: string;
  readonly url: string;
  readonly description: string;
  readonly filter: Readonly<Record<string, unknown>>;
  readonly actions: boolean;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly rotatingUntil: string | null;
}

export type WithSecret = WebhookShown & { readonly secret: string };

/** An attempt to deliver an event, as the profile API writes it. */
export interface AttemptShown {
  readonly event: string;
  readonly type: string;
  readonly profileId: string | null;
  readonly attempt: number;
  readonly at: string;
  readonly outcome: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly error: string | null;
  readonly response: string | null;
}

export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly description?: string;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly actions?: boolean;
}

/** What is given is changed. */
export type WebhookChange = Partial<Omit<NewWebhook, 'name'>> & { readonly enabled?: boolean };

const POLL_MS = 250;

async function ask<T>(
  instance: Instance,
  path: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  body?: object,
): Promise<T> {
  const reply = await call(`${instance.apiUrl}/v1/webhooks${path}`, {
    ...{ method, key: instance.stewardKey() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await reply.json()) as T;
}

const pathOf = (name: string, what = ''): string => `/${encodeURIComponent(name)}${what}`;

export async function listWebhooks(instance: Instance): Promise<readonly WebhookShown[]> {
  return (await ask<{ readonly webhooks: readonly WebhookShown[] }>(instance, '', 'GET')).webhooks;
}

/** @returns what was made, with its secret: nobody shows it again */
export function createWebhook(instance: Instance, webhook: NewWebhook): Promise<WithSecret> {
  return ask(instance, '', 'POST', webhook);
}

export function findWebhook(instance: Instance, name: string): Promise<WebhookShown> {
  return ask(instance, pathOf(name), 'GET');
}

export function changeWebhook(instance: Instance, name: string, change: WebhookChange): Promise<WebhookShown> {
  return ask(instance, pathOf(name), 'PATCH', change);
}

export function rotateWebhook(instance: Instance, name: string, overlapHours: number): Promise<WithSecret> {
  return ask(instance, pathOf(name, '/rotate'), 'POST', { overlapHours });
}

export async function removeWebhook(instance: Instance, name: string): Promise<void> {
  await ask(instance, pathOf(name), 'DELETE');
}

export async function listAttempts(
  instance: Instance,
  name: string,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<readonly AttemptShown[]> {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const path = pathOf(name, `/attempts?${new URLSearchParams(given)}`);
  return (await ask<{ readonly attempts: readonly AttemptShown[] }>(instance, path, 'GET')).attempts;
}

interface Resent {
  /** Ids of the events. */
  readonly events: readonly string[];
  /** There are others. */
  readonly more: boolean;
}

export async function resend(instance: Instance, name: string, what: object): Promise<Resent> {
  return ask<Resent>(instance, pathOf(name, '/resend'), 'POST', what);
}

/** Send a ping, and wait for what came of it. @returns null where nothing came of it in time */
export async function ping(instance: Instance, name: string, waitMs: number): Promise<AttemptShown | null> {
  const { event } = await ask<{ readonly event: string }>(instance, pathOf(name, '/test'), 'POST', {});
  const end = performance.now() + waitMs;
  while (performance.now() < end) {
    const [attempt] = await listAttempts(instance, name, { event });
    if (attempt !== undefined) return attempt;
    await sleep(POLL_MS);
  }
  return null;
}
