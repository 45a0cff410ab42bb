import type { Interaction } from '@kenal/contracts';
import { interactionOf } from './people.ts';

const START = Date.UTC(2026, 3, 1) * 1_000;
let messages = 0;

/** An interaction that says that these devices are one. */
export function sighting(...devices: readonly string[]): Interaction {
  messages += 1;
  const identifiers = devices.map((value) => ({ type: 'device_id', value }));
  return interactionOf(`sighting-${messages}`, 'web', identifiers, START + messages * 1_000, null);
}

/**
 * Devices of which each was seen with the next: they hang together, so they are one component, and many people, since a
 * person has 20 at most. The first is `<name>-0`.
 */
export function giant(name: string, devices: number): Interaction[] {
  return Array.from({ length: devices - 1 }, (_, i) => sighting(`${name}-${i}`, `${name}-${i + 1}`));
}
