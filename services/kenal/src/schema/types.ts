import type { EventGroup } from '@kenal/collector-kit';
import { commentOf, typeOfSchema } from './type-of-schema.ts';

const HEAD = `// Made by \`kenal schema types\`; change the catalogue instead.

`;

const TAIL = `/** A call of a tracking client: \`analytics.track({ event: 'Order Completed', properties: { order_id: '1' } })\`. */
export type KenalTrack = {
  [Event in keyof KenalEvents]: { readonly event: Event; readonly properties: KenalEvents[Event] };
}[keyof KenalEvents];
`;

/** TypeScript of groups of events. An event that several name is the last one's, as a plan has it. */
export function typesOf(groups: readonly EventGroup[]): string {
  const events = new Map(
    groups.flatMap((group) => Object.entries(group.events).map(([name, event]) => [name, { event, group }])),
  );
  const names = namesFor([...events.keys()]);
  const interfaces = [...events].map(([name, { event, group }]) => {
    const type = typeOfSchema(
      {
        type: 'object',
        properties: event.properties,
        required: event.required,
        additionalProperties: event.additionalProperties,
      },
      group.defs,
      '',
    );
    return `${commentOf(event.description, '')}export type ${names.get(name)} = ${type};\n`;
  });
  const index = [...events.keys()].map((name) => `  readonly ${JSON.stringify(name)}: ${names.get(name)};\n`).join('');
  return `${HEAD}${interfaces.join('\n')}\n/** Properties by event name. */\nexport interface KenalEvents {\n${index}}\n\n${TAIL}`;
}

/** `Order Completed` → `OrderCompleted`; names that would be one get a number. */
function namesFor(events: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(['KenalEvents', 'KenalTrack']);
  return new Map(
    events.map((event) => {
      const words = event.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
      const plain = words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('');
      const name = /^\p{L}/u.test(plain) ? plain : `Event${plain}`;
      let free = name;
      for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
      taken.add(free);
      return [event, free];
    }),
  );
}
