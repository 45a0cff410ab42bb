import avsc, { type Schema, type Type } from 'avsc';

/** An Avro schema as schema registries compare them. */
export interface ComparedSchema {
  /** Avro's parsing canonical form: names, types, symbols, sizes; equal for schemas that write the same bytes. */
  readonly canonical: string;
  /** Whether each of both reads what the other one writes. */
  isCompatibleWith(other: ComparedSchema): boolean;
}

const compiled = new WeakMap<ComparedSchema, Type>();

/** @returns null where it is no Avro schema */
export function compareSchema(schema: unknown): ComparedSchema | null {
  try {
    const type = avsc.Type.forSchema(schema as Schema);
    const compared: ComparedSchema = {
      canonical: JSON.stringify(type.schema()),
      isCompatibleWith: (other) => {
        const theirs = compiled.get(other);
        return theirs !== undefined && reads(type, theirs) && reads(theirs, type);
      },
    };
    compiled.set(compared, type);
    return compared;
  } catch {
    return null; // also what is nested too deeply to be walked
  }
}

function reads(reader: Type, writer: Type): boolean {
  try {
    reader.createResolver(writer);
    return true;
  } catch {
    return false;
  }
}
