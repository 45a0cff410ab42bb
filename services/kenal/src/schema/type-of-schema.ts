type Schema = Readonly<Record<string, unknown>>;
type Defs = Readonly<Record<string, Schema>>;

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};
const LOCAL = '#/$defs/';
/** Definitions may name each other; deeper than this nobody wants a type spelled out. */
const DEEPEST = 12;

/**
 * A JSON Schema as a TypeScript type: types and lists of them, enum, const, properties, items, anyOf, oneOf, `$ref` to
 * `$defs`. What a type cannot say (patterns, bounds) is left out; what is not known is `unknown`.
 * @param indent of the line on which it stands
 */
export function typeOfSchema(schema: unknown, defs: Defs, indent: string, depth = 0): string {
  if (!isSchema(schema) || depth > DEEPEST) return 'unknown';
  const inner = (part: unknown, deeper = indent): string => typeOfSchema(part, defs, deeper, depth + 1);
  const { $ref: ref, type, enum: values, anyOf, oneOf } = schema;
  if (typeof ref === 'string' && ref.startsWith(LOCAL)) return inner(defs[ref.slice(LOCAL.length)]);
  if (Array.isArray(values)) return union(values.map((value) => JSON.stringify(value)));
  if ('const' in schema) return JSON.stringify(schema.const);
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return union(alternatives.map((part) => inner(part)));
  if (Array.isArray(type)) return union(type.map((one) => inner({ ...schema, type: one })));
  if (type === 'array') return `readonly ${bracket(inner(schema.items))}[]`;
  if (type === 'object') return objectType(schema, indent, inner);
  return typeof type === 'string' ? (PLAIN[type] ?? 'unknown') : 'unknown';
}

function objectType(schema: Schema, indent: string, inner: (part: unknown, indent: string) => string): string {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const deeper = `${indent}  `;
  const lines = properties.map(([name, part]) => {
    const said = isSchema(part) && typeof part.description === 'string' ? commentOf(part.description, deeper) : '';
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${said}${deeper}readonly ${key}${required.has(name) ? '' : '?'}: ${inner(part, deeper)};\n`;
  });
  const open = schema.additionalProperties === false ? '' : `${deeper}readonly [name: string]: unknown;\n`;
  return lines.length + open.length === 0 ? 'Record<string, never>' : `{\n${lines.join('')}${open}${indent}}`;
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

function bracket(type: string): string {
  return type.includes('|') && !type.startsWith('{') ? `(${type})` : type;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A doc comment of one line; '' where there is nothing to say. Text cannot end it. */
export function commentOf(text: string, indent: string): string {
  return text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */\n`;
}
