/** Keywords that only we read, of `.meta()`: to say what is wrong with a document (`check`). */
const NOTES = new Set(['wanted', 'secret']);

/** A part of a description without them; a property may have such a name. */
export function withoutNotes(part: unknown, isMap = false): unknown {
  if (Array.isArray(part)) return part.map((one) => withoutNotes(one));
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(([name]) => isMap || !NOTES.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutNotes(value, !isMap && name === 'properties')]));
}
