/** Any value that JSON can write. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON object as text. Topics carry open-ended parts this way: written once, never parsed where nobody looks inside. */
export type JsonText = string;
