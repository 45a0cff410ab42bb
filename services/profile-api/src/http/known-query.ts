import type { RouteOptions } from 'fastify';
import { z } from 'zod';

/** Where clients that cannot set headers put their key: every route takes it. */
const KEY_NAMES = new Set(['key', 'password']);

/** The query of a route that takes nothing. */
const NOTHING = z.strictObject({});

/**
 * A name in the query that the route does not know is a fault, as it is in a body: whoever wrote `types` for `type` would
 * get everything. Preflights know nothing of what they ask for.
 */
export function onlyKnown(route: RouteOptions): void {
  if (route.method === 'OPTIONS') return;
  const asked = route.schema?.querystring ?? NOTHING;
  route.schema = { ...route.schema, querystring: asked instanceof z.ZodObject ? asked.strict() : asked };
}

/** @param query as it came @returns the key in it, and the rest */
export function withoutKey(query: unknown): [key: object, rest: object] {
  const entries = Object.entries(query as object);
  const isKey = ([name]: [string, unknown]): boolean => KEY_NAMES.has(name);
  return [Object.fromEntries(entries.filter(isKey)), Object.fromEntries(entries.filter((entry) => !isKey(entry)))];
}
