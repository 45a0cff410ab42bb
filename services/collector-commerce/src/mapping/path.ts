import { at, type Headers } from '@kenal/collector-kit';
import type { JsonValue } from '@kenal/contracts';

/** `$.customer.email`: a way into the part of a delivery that is being read, or into its headers. */
export interface Path {
  readonly root: 'part' | 'header';
  readonly steps: readonly (string | number | typeof EVERY)[];
}

export const EVERY = Symbol('every element of a list');

// .name  ['any name']  ["any name"]  [0]  [-1]  [*]
const STEP = /\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\["([^"]*)"\]|\[(-?\d{1,6})\]|\[(\*)\]/y;

/**
 * The part of JSONPath that names something: `$.lines[0].sku`, `$.lines[*].sku`, `$['odd key']`, and `$header['x-topic']`.
 * @returns what is wrong with it, for people
 */
export function parsePath(text: string): Path | string {
  const root = /^\$(header(?=[.[]))?/.exec(text);
  if (root === null) return 'a path begins with $';
  const steps: (string | number | typeof EVERY)[] = [];
  STEP.lastIndex = root[0].length;
  while (STEP.lastIndex < text.length) {
    const from = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null)
      return `${JSON.stringify(text.slice(from))} is no step; there are .name, ['any name'], [0], [-1] for the last, and [*]`;
    const [, name, single, double, index, every] = match;
    steps.push(every === undefined ? (index === undefined ? (name ?? single ?? double ?? '') : Number(index)) : EVERY);
  }
  if (root[1] === undefined) return { root: 'part', steps };
  const [header] = steps;
  if (steps.length !== 1 || typeof header !== 'string') return '$header is followed by the name of one header';
  return { root: 'header', steps: [header.toLowerCase()] };
}

/** What stands there; null where nothing does. Own fields only. `[*]` gives a list of what stands in each element. */
export function readPath({ root, steps }: Path, part: unknown, headers: Headers): JsonValue {
  return follow(root === 'header' ? headers : part, steps, 0);
}

function follow(value: unknown, steps: Path['steps'], from: number): JsonValue {
  let found = value;
  for (let i = from; i < steps.length; i++) {
    const step = steps[i]!;
    if (step === EVERY) {
      const list = Array.isArray(found) ? found : [];
      return list.map((element) => follow(element, steps, i + 1)).filter((element) => element !== null);
    }
    found = at(found, typeof step === 'number' && step < 0 && Array.isArray(found) ? found.length + step : step);
  }
  return (found ?? null) as JsonValue;
}
