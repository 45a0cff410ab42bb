import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { PublishedComponent, TraitRegister } from '../evidence/component.ts';
import { compareText } from '../rules.ts';
import { survivorOf } from './survivorship.ts';
import type { TraitRules } from './trait-rules.ts';

/** What holds for a trait now, and who said so. */
export interface HeldTrait {
  readonly trait: string;
  /** JSON text. */
  readonly value: string;
  readonly source: string;
  readonly at: Micros;
  readonly messageId: string;
}

/** What all sources said of each trait, of all owners among some identifiers. */
export type RegistersByTrait = ReadonlyMap<string, readonly TraitRegister[]>;

export function registersOf({ traits }: PublishedComponent, members: readonly IdentifierKey[]): RegistersByTrait {
  const byTrait = new Map<string, TraitRegister[]>();
  for (const member of members) {
    for (const register of traits.get(member) ?? []) {
      const known = byTrait.get(register.trait);
      if (known === undefined) byTrait.set(register.trait, [register]);
      else known.push(register);
    }
  }
  return byTrait;
}

/** Survivorship: of each trait the word that holds by its rule (survivorship.ts). @returns by name */
export function foldTraits(registers: RegistersByTrait, rules: TraitRules): readonly HeldTrait[] {
  const traits: HeldTrait[] = [];
  for (const [trait, words] of registers) {
    const word = survivorOf(words, rules.ruleOf(trait));
    if (word === null) continue;
    const { stamp, source } = word;
    traits.push({ trait, value: stamp.value, source, at: stamp.at, messageId: stamp.id });
  }
  return traits.length < 2 ? traits : traits.sort((a, b) => compareText(a.trait, b.trait));
}
