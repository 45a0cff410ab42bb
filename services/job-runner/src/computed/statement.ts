import { formatTime, type Micros } from '@kenal/contracts';
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

/** A moment as SQL has it: `2026-11-30 19:00:00.000000`, UTC. */
export function sqlTime(micros: Micros): string {
  return formatTime(micros).replace('T', ' ').replace('Z', '');
}

/** A statement of somebody's as a part of another. */
export function withoutEnd(sql: string): string {
  return sql.replace(/[;\s]+$/, '');
}
