import type { JsonValue, Micros } from '@kenal/contracts';
import type { TraitRegister } from '../evidence/component.ts';
import type { Stamp } from '../evidence/span.ts';
import { compareText } from '../rules.ts';
import type { TraitRules } from './trait-rules.ts';
import { foldTraits, type RegistersByTrait } from './traits.ts';

/** A value that a source gave a trait. */
export interface SaidTrait {
  readonly trait: string;
  /** null: the source took the trait away. */
  readonly value: JsonValue;
  readonly source: string;
  /** First and last event that is known to have said so; between them the source may have said other things. */
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  /** The event of `lastAt`. */
  readonly messageId: string;
  /** It is what the profile shows. */
  readonly holds: boolean;
}

/**
 * Every value that registers still hold: of each source the first and the last word on a trait, and the longest where a rule
 * asks for it. What a source said between them stands in the interactions.
 * @returns newest first
 */
export function historyOf(registers: RegistersByTrait, rules: TraitRules): readonly SaidTrait[] {
  const holding = new Map(foldTraits(registers, rules).map((held) => [held.trait, held]));
  const said: SaidTrait[] = [];
  for (const [trait, ofTrait] of registers) {
    const held = holding.get(trait);
    for (const { value, source, first, last } of valuesOf(ofTrait)) {
      said.push({
        trait,
        value: JSON.parse(value) as JsonValue,
        source,
        firstAt: first,
        lastAt: last.at,
        messageId: last.id,
        holds: held !== undefined && held.source === source && held.value === value,
      });
    }
  }
  return said.sort(
    (a, b) => b.lastAt - a.lastAt || compareText(a.trait, b.trait) || compareText(a.source, b.source) || later(a, b),
  );
}

// One event that came with two contents
function later(a: SaidTrait, b: SaidTrait): number {
  return compareText(b.messageId, a.messageId) || compareText(JSON.stringify(b.value), JSON.stringify(a.value));
}

interface SaidValue {
  readonly value: string;
  readonly source: string;
  first: Micros;
  last: Stamp;
}

function valuesOf(registers: readonly TraitRegister[]): Iterable<SaidValue> {
  const values = new Map<string, SaidValue>();
  for (const { source, span } of registers) {
    for (const stamp of [span.first, span.last]) {
      const { value, at } = stamp;
      const name = `${source}\n${value}`;
      const known = values.get(name);
      if (known === undefined) {
        values.set(name, { value, source, first: at, last: stamp });
        continue;
      }
      known.first = Math.min(known.first, at);
      if (at > known.last.at || (at === known.last.at && stamp.id > known.last.id)) known.last = stamp;
    }
  }
  return values.values();
}

/** When a value was last said by anybody, as far as registers know: how fresh it is. */
export function confirmedAt(registers: readonly TraitRegister[], value: string): Micros {
  let at = Number.NEGATIVE_INFINITY;
  for (const { span } of registers)
    for (const stamp of [span.first, span.last]) if (stamp.value === value) at = Math.max(at, stamp.at);
  return at;
}
