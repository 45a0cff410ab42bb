import type { ComponentSnapshot, IdentifierKey, Micros, ProfileContent } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { publishedComputedOf } from '../evidence/computed-evidence.ts';
import { decodePublishedComponent } from '../evidence/decode.ts';
import {
  type Assigned,
  assignmentField,
  decodeAssigned,
  decodePublished,
  encodeAssigned,
  encodePublished,
  partOf,
  profileField,
} from '../evidence/fields.ts';
import { mergeEvidence } from '../evidence/merge.ts';
import type { Span } from '../evidence/span.ts';
import { decodeTime, encodeTime } from '../evidence/text-codec.ts';
import { contentOf } from '../profile/content.ts';
import { membersOf } from '../profile/view.ts';
import type { IdentityRules } from '../rules.ts';
import type { Commit } from './commit.ts';

/** What subscribers know of a profile. */
export interface LastPublished {
  readonly profileId: string;
  readonly version: Micros;
  /** null where it is gone. */
  readonly content: ProfileContent | null;
  readonly anchor: IdentifierKey;
}

export interface AdoptInput {
  readonly rules: IdentityRules;
  readonly component: ComponentSnapshot;
  /** Profiles whose anchor is of this component. */
  readonly profiles: readonly LastPublished[];
  /** Identifiers of this component, with the profile that they were last published under. */
  readonly assigned: ReadonlyMap<IdentifierKey, Assigned>;
  /** Whether a profile was published with this content. */
  readonly isSame: (content: ProfileContent, published: ProfileContent) => boolean;
}

/** Stands for a content that is not today's; no hash has this text. */
const ANOTHER_CONTENT = '?';

/**
 * A state that was made anew from evidence knows who is who, but not what subscribers were told. Write that into a
 * component: where a profile is as it was published its version is taken over, elsewhere a decision without evidence
 * (`decide`, `again`) finds what has to be told. Done again it gives the same; versions never fall.
 */
export function adopt({ rules, component, profiles, assigned, isSame }: AdoptInput): Commit | null {
  const { fields } = component;
  const set = new Map<string, string>();
  for (const { content, anchor } of profiles)
    if (content !== null) putComputed(set, fields, publishedComputedOf(content.computed, anchor));
  const known = decodePublishedComponent(fields, rules, new Map(set));
  for (const { profileId, version, content, anchor } of profiles) {
    const field = profileField(profileId);
    const before = known.published.get(profileId);
    let hash = content === null ? '' : ANOTHER_CONTENT;
    if (content !== null && before !== undefined && before.hash !== '') {
      const now = contentOf(known, membersOf(known, rules, profileId), anchor, rules);
      if (isSame(now.content, content)) hash = now.hash;
    }
    set.set(field, encodePublished({ version: Math.max(version, before?.version ?? 0), hash, anchor }));
  }
  for (const [key, { profileId, version }] of assigned) {
    const before = known.assigned.get(key)?.version ?? 0;
    set.set(assignmentField(key), encodeAssigned({ profileId, version: Math.max(version, before) }));
  }
  for (const [field, text] of set) if (fields.get(field) === text) set.delete(field);
  const issued = new Map(profiles.map(({ profileId, anchor }) => [profileId, anchor]));
  return set.size === 0 ? null : commitOf(component, { set, issued });
}

/** Attributes that a topic which was read again has told of since stay. */
function putComputed(set: Map<string, string>, fields: Fields, published: ReadonlyMap<string, Span>): void {
  for (const [field, text] of mergeEvidence((name) => fields.get(name), published).changed) set.set(field, text);
}

/**
 * Take out of a component what was decided in silence and never published: profiles and assignments of versions below a
 * bound. Of hubs, which are nobody's content, the time is set.
 * @returns null where there is nothing of that
 */
export function forgetSilent(component: ComponentSnapshot, below: Micros, now: Micros): Commit | null {
  const set = new Map<string, string>();
  const unset: string[] = [];
  const recall: string[] = [];
  for (const [field, text] of component.fields) {
    const kind = field[1] === '|' ? field[0] : '';
    if (kind === 'a' && decodeAssigned(text).version < below) unset.push(field);
    else if (kind === 'p' && decodePublished(text).version < below) {
      unset.push(field);
      recall.push(partOf(field, 1));
    } else if (kind === 'h' && decodeTime(text) < below) set.set(field, encodeTime(now));
  }
  if (set.size + unset.length === 0) return null;
  return { ...commitOf(component, { set, issued: new Map() }), unset, recall };
}

function commitOf({ id, version }: ComponentSnapshot, more: Pick<Commit, 'set' | 'issued'>): Commit {
  return { target: id, expect: new Map([[id, version]]), absent: [], absorb: [], unset: [], point: [], ...more };
}
