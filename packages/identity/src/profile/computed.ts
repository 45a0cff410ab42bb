import {
  type ComputedAttribute,
  type ComputedKind,
  formatTime,
  type IdentifierKey,
  type JsonValue,
} from '@kenal/contracts';
import type { PublishedComponent } from '../evidence/component.ts';
import { computedWordOf } from '../evidence/computed-evidence.ts';
import { compareText } from '../rules.ts';

/** Computed attributes of a profile: what is compared, and the JSON text that is shown. */
export interface ComputedContent {
  /** Attribute → JSON text of its value, in the order of the names. */
  readonly values: ReadonlyMap<string, string>;
  readonly text: string;
}

export const NOTHING_COMPUTED: ComputedContent = { values: new Map(), text: '{}' };

/** @param anchor of the profile: what was computed of others whom it has taken in is not its own */
export function computedOf(component: PublishedComponent, anchor: IdentifierKey): ComputedContent {
  const values = new Map<string, string>();
  let text = '{';
  for (const { name, at, value, ...about } of wordsOf(component, anchor)) {
    const rest = JSON.stringify({ ...about, computedAt: formatTime(at) }).slice(1);
    text += `${values.size === 0 ? '' : ','}${JSON.stringify(name)}:{"value":${value},${rest}`;
    values.set(name, value);
  }
  return values.size === 0 ? NOTHING_COMPUTED : { values, text: `${text}}` };
}

/** The same for readers. */
export function computedAttributesOf(
  component: PublishedComponent,
  anchor: IdentifierKey,
): Readonly<Record<string, ComputedAttribute>> {
  const words = wordsOf(component, anchor).map(({ name, at, value, kind, fitId, reason }) => {
    const shown = { value: JSON.parse(value) as JsonValue, kind: kind as ComputedKind, fitId, reason };
    return [name, { ...shown, computedAt: formatTime(at) }] as const;
  });
  return Object.fromEntries(words);
}

function wordsOf({ computed }: PublishedComponent, anchor: IdentifierKey) {
  return (computed.get(anchor) ?? [])
    .flatMap(({ name, stamp }) => {
      const word = computedWordOf(stamp.value);
      return word === null ? [] : [{ name, at: stamp.at, ...word }];
    })
    .sort((a, b) => compareText(a.name, b.name));
}
