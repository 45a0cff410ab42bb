import { call } from './call.ts';
import type { IssuedDirective } from './directives.ts';
import type { Instance } from './instance.ts';

interface ReviewEnd {
  readonly identifier: string;
  readonly source: string;
  readonly profileId: string | null;
}

/** Two records that may be one person, as the profile API writes them. */
export interface ReviewShown {
  readonly id: string;
  readonly state: string;
  readonly a: ReviewEnd;
  readonly b: ReviewEnd;
  readonly probability: number;
  readonly weight: number;
  readonly model: string;
  readonly doubt: string;
  readonly suggestedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

export interface ReviewDetail extends ReviewShown {
  readonly doubtInWords: string;
  readonly records: readonly { readonly field: string; readonly a: string | null; readonly b: string | null }[];
  readonly waterfall: readonly { readonly field: string; readonly bits: number; readonly words: string }[];
}

/** A page of the queue. @param query of `GET /v1/reviews` */
export async function listReviews(
  instance: Instance,
  query: URLSearchParams,
): Promise<{ readonly reviews: readonly ReviewShown[]; readonly cursor: string | null }> {
  const reply = await call(`${instance.apiUrl}/v1/reviews?${query}`, { key: instance.readKey() });
  return (await reply.json()) as { reviews: ReviewShown[]; cursor: string | null };
}

export async function readReview(instance: Instance, id: string): Promise<ReviewDetail> {
  const reply = await call(addressOf(instance, id), { key: instance.readKey() });
  return (await reply.json()) as ReviewDetail;
}

/** @param body of `POST /v1/reviews/{id}` */
export async function decideReview(instance: Instance, id: string, body: object): Promise<IssuedDirective> {
  const reply = await call(addressOf(instance, id), {
    key: instance.stewardKey(),
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return (await reply.json()) as IssuedDirective;
}

function addressOf(instance: Instance, id: string): string {
  return `${instance.apiUrl}/v1/reviews/${encodeURIComponent(id)}`;
}
