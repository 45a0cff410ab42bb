import type { ErrorObject } from 'ajv/dist/2020.js';
import { isRecord } from '../json/inspect.ts';

/** The parts of ajv's errors that sentences are made of, by keyword (ajv.js.org/api.html#error-parameters). */
interface Params {
  readonly type?: string | readonly string[];
  readonly allowedValues?: readonly unknown[];
  readonly allowedValue?: unknown;
  readonly pattern?: string;
  readonly comparison?: string;
  readonly limit?: number;
}

type Say = (params: Params, found: string) => string;

const SAYS: Readonly<Record<string, Say>> = {
  required: () => 'is missing: send it',
  additionalProperties: () => 'is not in the plan: leave it out, or add it to the plan',
  type: ({ type = [] }, found) => `is ${found}: send ${[type].flat().map(named).join(' or ')}`,
  enum: ({ allowedValues = [] }) =>
    `is none of the values that are planned: send ${allowedValues.map(written).join(' or ')}`,
  const: ({ allowedValue }) => `is not the value that is planned: send ${written(allowedValue)}`,
  pattern: ({ pattern }) => `has another form than is planned: send text that matches ${pattern}`,
  ...{ minimum: outOfRange, maximum: outOfRange, exclusiveMinimum: outOfRange, exclusiveMaximum: outOfRange },
  minLength: ({ limit }) => `is too short: send ${limit} characters or more`,
  maxLength: ({ limit }) => `is too long: send ${limit} characters at most`,
  minItems: ({ limit }) => `is too short: send a list of ${limit} or more`,
  maxItems: ({ limit }) => `is too long: send a list of ${limit} at most`,
};

/**
 * What is wrong with an event by its plan, and what its sender should do: `$.properties.total is a list: send a number or
 * text`. Says of what kind the value is and never what it is: reasons outlive a person who is erased.
 * @param error made with `verbose`; @param path JSON path of what is at fault
 */
export function reasonOf({ keyword, params, message, data, parentSchema }: ErrorObject, path: string): string {
  const said =
    SAYS[keyword]?.(params as Params, kindOf(data)) ?? `${message ?? 'is not as planned'}: send it as planned`;
  const description = keyword === 'required' || keyword === 'additionalProperties' ? null : parentSchema?.description;
  return `${path} ${said}${typeof description === 'string' && description !== '' ? ` (${description})` : ''}`;
}

function outOfRange({ comparison, limit }: Params): string {
  return `is out of range: send a number ${comparison} ${limit}`;
}

const NAMES: Readonly<Record<string, string>> = {
  ...{ string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false' },
  ...{ array: 'a list', object: 'an object', null: 'null' },
};

function named(type: string): string {
  return NAMES[type] ?? type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number with a fraction';
  if (typeof value === 'boolean') return 'a boolean';
  return Array.isArray(value) ? 'a list' : isRecord(value) ? 'an object' : 'text';
}

function written(value: unknown): string {
  return JSON.stringify(value);
}
