import type { IdentifierKey, ParkedLeaf } from '@kenal/contracts';
import type { RejectedLink } from '../cluster/agglomerate.ts';
import { partition } from '../cluster/partition.ts';
import type { Fields } from '../evidence/component.ts';
import { decodeComponent } from '../evidence/decode.ts';
import { evidenceKind, hubField } from '../evidence/fields.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import { typeOf } from '../evidence/sight.ts';
import { type ProfileView, profileOf } from '../profile/view.ts';
import { compareRejected, type Replay } from '../replay.ts';
import { compareText, type IdentityRules } from '../rules.ts';
import type { createMemory } from './memory.ts';

type Memory = ReturnType<typeof createMemory>;

/** The same picture that `replay` gives, from what was written. */
export function pictureOf(memory: Memory, rules: IdentityRules): Replay {
  const profiles = new Map<string, ProfileView>();
  const profileByKey = new Map<IdentifierKey, string>();
  const rejected: RejectedLink[] = [];
  for (const { fields } of memory.components.values()) {
    const component = decodeComponent(fields, rules);
    rejected.push(...partition(component, rules).rejected);
    for (const [key, { profileId }] of component.assigned) {
      if (profileByKey.has(key)) throw new Error(`${key} is assigned twice`);
      profileByKey.set(key, profileId);
      if (!profiles.has(profileId)) profiles.set(profileId, profileOf(component, rules, key)!);
    }
  }
  for (const [leaf, pointer] of memory.pointers)
    if (typeof pointer === 'object') rejected.push(...parkedLink(memory, rules, leaf, pointer));
  return { profiles, profileByKey, rejected: rejected.sort(compareRejected) };
}

function parkedLink(memory: Memory, rules: IdentityRules, leaf: IdentifierKey, parked: ParkedLeaf): RejectedLink[] {
  const { centre, text } = parked;
  const isHub = memory.components.get(memory.componentOf(centre)!)!.fields.has(hubField(centre));
  const { links } = decodeComponent(decodeLeaf(centre, leaf, text), rules);
  return [...links.values()].map(({ a, b }) => {
    return { a, b, class: 'deterministic', reason: isHub ? `hub:${centre}` : `limit:${typeOf(leaf)}` };
  });
}

/** A picture as plain data without versions, which depend on arrival. */
export function plain(picture: Replay) {
  const profiles = [...picture.profiles.values()].map(({ version: _, ...rest }) => rest);
  profiles.sort((a, b) => compareText(a.id, b.id));
  const byKey = [...picture.profileByKey].sort(([a], [b]) => compareText(a, b));
  return { profiles, byKey, rejected: picture.rejected };
}

/** All evidence that is stored, wherever it is. */
export function evidenceIn({ components, pointers }: Memory): Map<string, string> {
  const evidence = new Map<string, string>();
  const put = (fields: Fields): void => {
    for (const [field, text] of fields) {
      if (evidence.has(field)) throw new Error(`${field} is stored twice`);
      if (evidenceKind(field) !== null) evidence.set(field, text);
    }
  };
  for (const { fields } of components.values()) put(fields);
  for (const [leaf, pointer] of pointers)
    if (typeof pointer === 'object') put(decodeLeaf(pointer.centre, leaf, pointer.text));
  return evidence;
}
