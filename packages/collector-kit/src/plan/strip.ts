import { isRecord, type JsonRecord } from '../json/inspect.ts';
import { pathOf } from './path.ts';

/** Properties without some places, and what stood there. */
export interface Stripped {
  readonly properties: JsonRecord;
  /** By JSON path, `$.products[0].price`. */
  readonly stripped: JsonRecord;
}

/** Take places out of a copy. What is not there is missing, not wrong: nothing to take. Of a list an element leaves null. */
export function stripAt(properties: JsonRecord, places: readonly (readonly string[])[]): Stripped {
  const copy = structuredClone(properties);
  const stripped: JsonRecord = {};
  for (const place of places) {
    const last = place.at(-1);
    if (last === undefined) continue;
    const holder = place.slice(0, -1).reduce<unknown>((node, step) => childOf(node, step), copy);
    if (Array.isArray(holder) && holder[Number(last)] !== undefined) {
      stripped[pathOf(place)] = holder[Number(last)];
      holder[Number(last)] = null;
    } else if (isRecord(holder) && Object.hasOwn(holder, last)) {
      stripped[pathOf(place)] = holder[last];
      delete holder[last];
    }
  }
  return { properties: copy, stripped };
}

function childOf(node: unknown, step: string): unknown {
  if (Array.isArray(node)) return node[Number(step)];
  return isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
}
