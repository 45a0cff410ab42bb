import type { JsonValue } from '@kenal/contracts';

/**
 * A JSON part of an event (`{"plan":"pro"}`) as an object; empty where the text is no JSON object. Collectors write none such,
 * but one record of somebody else's producer must not hide the others of a timeline.
 */
export function jsonPart(text: string): Record<string, JsonValue> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, JsonValue>)
      : {};
  } catch {
    return {};
  }
}
