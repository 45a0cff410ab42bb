import type { JsonRecord } from '../json/inspect.ts';

/** An event of the catalogue. */
export interface PlannedEvent {
  readonly description: string;
  /** JSON Schema of each property. */
  readonly properties: Readonly<Record<string, JsonRecord | boolean>>;
  readonly required: readonly string[];
  /** False: a property that is not named is a fault. */
  readonly additionalProperties: boolean;
}

/** Events that belong together: a file of the catalogue, or one of one's own in the same form. */
export interface EventGroup {
  readonly group: string;
  readonly version: number;
  readonly events: Readonly<Record<string, PlannedEvent>>;
  /** Schemas that `{"$ref": "#/$defs/…"}` of its events names. */
  readonly defs: Readonly<Record<string, JsonRecord>>;
}
