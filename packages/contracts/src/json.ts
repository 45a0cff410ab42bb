/** Any value that JSON can write. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON object as text. Topics carry open-ended parts this way: written once, never parsed where nobody looks inside. */
export type JsonText = string;

/**
 * A JSON part of a record (`{"plan":"pro"}`) as an object; empty where the text is no JSON object. We write none such, but
 * one record of somebody else's producer must not hide the others of a list.
 */
export function jsonPart(text: JsonText): Record<string, JsonValue> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, JsonValue>)
      : {};
  } catch {
    return {};
  }
}
