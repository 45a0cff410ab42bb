import { MOST_AMOUNT, type Scalar, testsOf, type ValueTest, type ValueTests } from '@kenal/contracts';
import type { Params } from './statement.ts';

/**
 * SQL of values. A value is JSON text, '' where there is none, so that properties, traits and columns are asked in one way.
 */

/** A part of a JSON column. @param path `address.city`: of a key with a dot in it, or else of one inside another */
export function jsonPart(column: string, path: string, params: Params): string {
  const whole = params.text(path);
  if (!path.includes('.')) return `JSONExtractRaw(${column}, ${whole})`;
  const steps = path.split('.').map((step) => params.text(step));
  return `if(JSONHas(${column}, ${whole}), JSONExtractRaw(${column}, ${whole}), JSONExtractRaw(${column}, ${steps.join(', ')}))`;
}

/** @param name of a column; it is quoted, and was checked to be a name */
export const columnValue = (name: string): string => `ifNull(toJSONString(\`${name}\`), '')`;

/** Nothing, null and the empty text are none. */
export const isThere = (value: string): string => `${value} NOT IN ('', 'null', '""')`;

/** The text without quotes. */
const plain = (value: string): string => `if(startsWith(${value}, '"'), JSONExtractString(${value}), ${value})`;

/** Exactly, to six digits; NULL where it is no number, or beyond what an amount can be. */
export const decimalOf = (value: string): string =>
  `if(abs(toFloat64OrNull(${plain(value)})) <= ${MOST_AMOUNT}, toDecimal128OrNull(${plain(value)}, 6), NULL)`;

/** @returns a condition that is true or false, never NULL */
export function testsSql(value: string, test: ValueTest | ValueTests, params: Params): string {
  const tests = testsOf(test as ValueTest);
  const equals = (to: Scalar): string => {
    if (typeof to === 'number') return `ifNull(toFloat64OrNull(${plain(value)}) = ${params.number(to)}, 0)`;
    return `${plain(value)} = ${params.text(String(to))}`;
  };
  const compares = (sign: string, to: string | number): string => {
    if (typeof to === 'number') return `ifNull(toFloat64OrNull(${plain(value)}) ${sign} ${params.number(to)}, 0)`;
    return `(${isThere(value)} AND ${plain(value)} ${sign} ${params.text(to)})`;
  };
  const all: string[] = [];
  const { eq, ne, contains, exists } = tests;
  if (eq !== undefined) all.push(equals(eq));
  if (ne !== undefined) all.push(`(${isThere(value)} AND NOT ${equals(ne)})`);
  if (tests.gt !== undefined) all.push(compares('>', tests.gt));
  if (tests.gte !== undefined) all.push(compares('>=', tests.gte));
  if (tests.lt !== undefined) all.push(compares('<', tests.lt));
  if (tests.lte !== undefined) all.push(compares('<=', tests.lte));
  if (tests.in !== undefined) all.push(`(${tests.in.map(equals).join(' OR ')})`);
  if (contains !== undefined) {
    const part = params.text(contains);
    all.push(
      `if(startsWith(${value}, '['), has(JSONExtractArrayRaw(${value}), toJSONString(${part})), position(${plain(value)}, ${part}) > 0)`,
    );
  }
  if (exists !== undefined) all.push(exists ? isThere(value) : `NOT ${isThere(value)}`);
  return all.length === 1 ? all[0]! : `(${all.join(' AND ')})`;
}
