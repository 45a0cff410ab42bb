import { formatParam } from '@kenal/warehouse';

/** A SELECT with its values apart: they are bound by the engine, never put into the text. */
export interface Statement {
  readonly sql: string;
  /** By name, as the HTTP interface takes them. */
  readonly params: Readonly<Record<string, string>>;
}

/** Collects the values of a statement. */
export interface Params {
  text(value: string): string;
  number(value: number): string;
  readonly all: Readonly<Record<string, string>>;
}

/** Each verb gives the placeholder that stands for the value: `{p0:String}`. */
export function createParams(): Params {
  const all: Record<string, string> = {};
  const put = (text: string, type: string): string => {
    const name = `p${Object.keys(all).length}`;
    all[name] = text;
    return `{${name}:${type}}`;
  };
  return {
    all,
    text: (value) => put(formatParam(value), 'String'),
    number: (value) => put(String(value), 'Float64'),
  };
}
