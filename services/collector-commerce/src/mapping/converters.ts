import type { Zone } from '@kenal/collector-kit';
import { formatTime, type JsonValue } from '@kenal/contracts';
import { createFormatReader } from './dates.ts';
import { type Decimal, type DecimalForm, formatDecimal, negate, parseDecimal } from './decimal.ts';
import type { Reading } from './reading.ts';

/** What is wrong with a cell's content. */
export class Fault {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

export type Converter = (raw: JsonValue) => JsonValue | Fault;

const BOOLEANS = new Map(
  Object.entries({
    true: true,
    yes: true,
    y: true,
    1: true,
    t: true,
    false: false,
    no: false,
    n: false,
    0: false,
    f: false,
  }),
);

/** How the text of a column becomes a value. @param zone asked only where the column holds times */
export function converterOf(column: Reading, zone: () => Zone): Converter {
  const date = column.date ?? column.format;
  if (date !== undefined || column.convert === 'date') return dateConverter(date ?? 'iso', zone());
  const numeric = column.decimal !== undefined || column.thousands !== undefined || column.sign !== undefined;
  return converterNamed(column.convert ?? (numeric ? 'number' : 'text'), column);
}

function dateConverter(format: string, zone: Zone): Converter {
  const reader = createFormatReader(format, zone);
  return (raw) => {
    const time = reader(textOf(raw));
    return time === null ? new Fault(`${quote(raw)} is not a time of the form ${format}`) : formatTime(time);
  };
}

function converterNamed(name: NonNullable<Reading['convert']>, column: Reading): Converter {
  switch (name) {
    case 'number':
      return (raw) => {
        if (typeof raw === 'number') return column.sign === 'negate' ? -raw : raw;
        const value = parseDecimal(textOf(raw), formOf(column));
        if (value === null) return new Fault(`${quote(raw)} is not a number`);
        return numberOf(column.sign === 'negate' ? negate(value) : value);
      };
    case 'integer': // 17850.0, as a spreadsheet writes a customer number → 17850
      return (raw) => {
        const value = parseDecimal(textOf(raw), formOf(column));
        const whole = value !== null && value.scale === 0;
        return whole ? formatDecimal(value) : new Fault(`${quote(raw)} is not a whole number`);
      };
    case 'boolean':
      return (raw) => {
        if (typeof raw === 'boolean') return raw;
        return BOOLEANS.get(textOf(raw).toLowerCase()) ?? new Fault(`${quote(raw)} is neither yes nor no`);
      };
    case 'json':
      return (raw) => (typeof raw === 'string' ? parseJson(raw) : raw);
    case 'lower':
      return (raw) => textOf(raw).toLowerCase();
    case 'upper':
      return (raw) => textOf(raw).toUpperCase();
    default:
      return (raw) => raw;
  }
}

/** Places that an amount has at most; what is finer is a measurement, and no sum of money. */
const MOST_PLACES = 6;

/** A number where one holds it to the last digit, else its text: `24.5`, `'12345678901234567.89'`. */
function numberOf(value: Decimal): JsonValue {
  const text = formatDecimal(value);
  const number = Number(text);
  if (value.scale > MOST_PLACES) return number;
  const held = parseDecimal(String(number));
  return held !== null && formatDecimal(held) === text ? number : text;
}

function parseJson(text: string): JsonValue | Fault {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return new Fault(`${quote(text)} is not valid JSON`);
  }
}

/** How a column writes numbers; with a decimal comma the point parts thousands. */
export function formOf(column: Reading | null): DecimalForm {
  const point = column?.decimal ?? '.';
  return { point, thousands: column?.thousands ?? (point === ',' ? '.' : '') };
}

export function textOf(raw: JsonValue): string {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
}

export function quote(raw: JsonValue): string {
  const text = textOf(raw);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
