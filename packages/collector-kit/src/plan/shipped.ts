import ecommerce1 from '@kenal/schemas/events/ecommerce.v1.json' with { type: 'json' };
import email1 from '@kenal/schemas/events/email.v1.json' with { type: 'json' };
import liveChat1 from '@kenal/schemas/events/live-chat.v1.json' with { type: 'json' };
import phone1 from '@kenal/schemas/events/phone.v1.json' with { type: 'json' };
import relations1 from '@kenal/schemas/events/relations.v1.json' with { type: 'json' };

/** Every version of every shipped group, oldest first. Append only. */
const VERSIONS: readonly { readonly group: string; readonly version: number }[] = [
  ecommerce1,
  email1,
  liveChat1,
  phone1,
  relations1,
];

/** By `ecommerce` (the newest version) and `ecommerce.v1`. */
export const SHIPPED: ReadonlyMap<string, unknown> = new Map<string, unknown>(
  VERSIONS.flatMap((one) => [
    [one.group, one],
    [`${one.group}.v${one.version}`, one],
  ]),
);

/** Their names. */
export const SHIPPED_GROUPS: readonly string[] = [...new Set(VERSIONS.map(({ group }) => group))];
