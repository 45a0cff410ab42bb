import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** A decision as the profile API writes it, as far as it is shown here. */
export interface DirectiveShown {
  readonly id: string;
  readonly kind: string;
  readonly issuedAt: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly pairs: readonly { readonly a: string | null; readonly b: string | null; readonly verb: string }[];
  readonly pairCount: number;
  readonly source: string | null;
  readonly profileId: string | null;
  readonly erased: number;
  readonly consent: { readonly owner: string | null; readonly purpose: string; readonly granted: boolean } | null;
  readonly position: number;
}

export interface IssuedDirective {
  readonly directive: DirectiveShown;
  /** Where to ask whether it has taken effect. */
  readonly settled: string;
  /** What whoever decides should know of it; else null. */
  readonly note: string | null;
}

const POLL_SECONDS = 20;

/** Decide who is who. @param body of `POST /v1/directives` */
export async function decide(instance: Instance, body: object): Promise<IssuedDirective> {
  const reply = await call(`${instance.apiUrl}/v1/directives`, {
    key: instance.stewardKey(),
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return (await reply.json()) as IssuedDirective;
}

/** Wait until a decision has taken effect and is shown everywhere. @returns false where it took longer than `timeoutMs` */
export async function waitUntilSettled(
  instance: Instance,
  issued: IssuedDirective,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const wait = Math.max(0, Math.min(POLL_SECONDS, (deadline - performance.now()) / 1_000));
    const reply = await call(`${instance.apiUrl}${issued.settled}&wait=${wait}`, { key: instance.stewardKey() });
    if (((await reply.json()) as { settled?: unknown }).settled === true) return true;
    if (performance.now() >= deadline) return false;
  }
}

/** A page of what was decided. @param query of `GET /v1/directives` */
export async function listDirectives(
  instance: Instance,
  query: URLSearchParams,
): Promise<{ readonly directives: readonly DirectiveShown[]; readonly cursor: string | null }> {
  const reply = await call(`${instance.apiUrl}/v1/directives?${query}`, { key: instance.readKey() });
  return (await reply.json()) as { directives: DirectiveShown[]; cursor: string | null };
}
