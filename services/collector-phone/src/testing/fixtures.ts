import { readFileSync } from 'node:fs';
import type { Interaction } from '@kenal/contracts';

/** Text of a fixture, without the lines that name where it comes from. */
export function fixture(name: string): string {
  const text = readFileSync(new URL(`../vendors/fixtures/${name}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}

export function fixtureLines(name: string): string[] {
  return fixture(name).split('\n').filter(Boolean);
}

/** An interaction as tests compare it: who, whom, what, and what was said of it. */
function told({ id, name, direction, traits, participants, actor, conversationId, ...rest }: Interaction) {
  return {
    ...{ id, name, direction, phone: (JSON.parse(traits) as { phone?: string }).phone ?? null },
    others: participants.map(({ role, identifiers }) => `${role} ${identifiers.map(({ value }) => value).join()}`),
    ...{ agent: actor?.id ?? null, call: conversationId, at: rest.occurredAt },
    properties: JSON.parse(rest.properties) as Record<string, unknown>,
  };
}

/** Interactions as they were received, whatever partition they lie in. */
export function toldInOrder(interactions: readonly Interaction[]) {
  return interactions.toSorted((a, b) => a.receipt.sequence - b.receipt.sequence).map(told);
}
