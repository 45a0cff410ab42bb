import { type ChangeEnvelope, parseKey } from '@kenal/contracts';
import type { Lens } from '../profiles/lens.ts';

type Content = NonNullable<ChangeEnvelope['before']>;

/** A change with what a key may see of profiles. That there was one, and what became of which profile, everybody sees. */
export function changeThrough(change: ChangeEnvelope, lens: Lens): ChangeEnvelope {
  if (lens.whole) return change;
  const { before, after, changed, assigned, released } = change;
  return {
    ...change,
    before: before === null ? null : contentThrough(before, lens),
    after: after === null ? null : contentThrough(after, lens),
    changed: changed.filter((path) => isShown(path, before, after, lens)),
    assigned: assigned.filter(({ type }) => lens.shows('identifiers', type)),
    released: released.filter((key) => lens.shows('identifiers', parseKey(key)?.type ?? '')),
  };
}

function contentThrough(content: Content, lens: Lens): Content {
  const only = <T>(part: string, all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => lens.shows(part, name)));
  const identifiers = content.identifiers.filter(({ type }) => lens.shows('identifiers', type));
  return {
    traits: only('traits', content.traits),
    identifiers,
    identifierCount: lens.shows('identifiers') ? content.identifierCount : identifiers.length,
    consent: only('consent', content.consent),
    computed: only('computed', content.computed),
  };
}

/** `consent` and `identifiers` stand for all of them: who sees some is told only where one of those is there. */
function isShown(path: string, before: Content | null, after: Content | null, lens: Lens): boolean {
  const part = path.split('.', 1)[0] ?? '';
  if (part === path && !lens.shows(path))
    return [before, after].some((content) =>
      part === 'consent'
        ? Object.keys(content?.consent ?? {}).some((purpose) => lens.shows(part, purpose))
        : content?.identifiers.some(({ type }) => lens.shows(part, type)),
    );
  return part === path || lens.shows(part, path.slice(part.length + 1));
}
