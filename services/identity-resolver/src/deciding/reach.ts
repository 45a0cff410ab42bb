import type { Places, Wants } from '@kenal/identity';
import type { Loaded } from './access.ts';

/** What a part hangs on, with the components that it wanted to see. */
export function withWanted(places: Places, { identifiers }: Wants, { pointers }: Loaded): Places {
  if (identifiers.length === 0) return places;
  const components = new Set(places.components);
  for (const key of identifiers) {
    const id = pointers.get(key);
    if (id !== undefined) components.add(id);
  }
  return { ...places, components };
}

/** How much there is to look at: fields of all that a part hangs on, and entries of the shelves that it wanted to see. */
export function fieldsIn({ components }: Places, { shelves }: Wants, loaded: Loaded): number {
  let fields = 0;
  for (const id of components) fields += loaded.components.get(id)?.fields.size ?? 0;
  for (const { centre } of shelves) fields += loaded.shelves.get(centre)?.entries.length ?? 0;
  return fields;
}
