import { at, decimalOf, type Fault, faultOf } from '@kenal/collector-kit';

/** Where amounts of a vendor's JSON stand: `line_items[*].price` is that of each element of a list. */
export type AmountPaths = readonly string[];

/**
 * The first amount that is there and cannot be read: left out, it would change a sum without a word. A list of them that is
 * none is at fault too; what is missing, null or empty is not.
 * @param read gives null where a value is no amount
 * @returns fault `event_bad_field` at its path: `$.line_items[2].price`
 */
export function unreadable(
  payload: unknown,
  paths: AmountPaths,
  read: (value: unknown) => string | null = decimalOf,
): Fault | null {
  for (const path of paths) {
    const fault = faultAt(payload, path.split('.'), '$', read);
    if (fault !== null) return fault;
  }
  return null;
}

function faultAt(
  node: unknown,
  [step, ...rest]: readonly string[],
  path: string,
  read: (value: unknown) => string | null,
): Fault | null {
  if (node === undefined || node === null || node === '') return null;
  if (step === undefined)
    return read(node) === null
      ? faultOf('event_bad_field', path, 'expected an amount: a number, or text like 12.50')
      : null;
  const isList = step.endsWith('[*]');
  const name = isList ? step.slice(0, -3) : step;
  const found = at(node, name);
  if (!isList) return faultAt(found, rest, `${path}.${name}`, read);
  if (found === undefined || found === null) return null;
  if (!Array.isArray(found)) return faultOf('event_bad_field', `${path}.${name}`, 'expected a list');
  for (const [i, element] of found.entries()) {
    const fault = faultAt(element, rest, `${path}.${name}[${i}]`, read);
    if (fault !== null) return fault;
  }
  return null;
}
