import { formatTime } from '@kenal/contracts';
import type { ProfileView } from '@kenal/identity';

/** A trait as Segment tells it with `verbose`. */
interface SpaceTrait {
  readonly value: unknown;
  readonly source_id: string;
  readonly updated_at: string;
}

/** What Segment calls what is computed here. */
const KINDS = { audience: 'segment', computed_trait: 'trait' } as const;

/**
 * Traits as Segment shows them: what is declared as a trait or a segment stands among what was said, under its own name. A
 * word that was said goes first.
 * @param only of what is computed this alone, and nothing that was said
 * @returns by name, in the order of names
 */
export function spaceTraitsOf(
  { traitDetails, computed }: Pick<ProfileView, 'traitDetails' | 'computed'>,
  only?: keyof typeof KINDS,
): [name: string, SpaceTrait][] {
  const declared = Object.entries(computed).flatMap(([name, { kind, value, computedAt }]) =>
    kind === 'score' || (only !== undefined && kind !== KINDS[only])
      ? []
      : [[name.slice(name.indexOf('.') + 1), { value, source_id: '', updated_at: computedAt }] as const],
  );
  const said = Object.entries(traitDetails).map(
    ([name, { value, source, at }]) => [name, { value, source_id: source, updated_at: formatTime(at) }] as const,
  );
  const all = new Map<string, SpaceTrait>([...declared, ...(only === undefined ? said : [])]);
  return [...all].sort(([one], [other]) => (one < other ? -1 : 1));
}
