import { z } from 'zod';
import { FAULT } from './fault.ts';
import type { Subjects, SubjectVersion } from './subjects.ts';

/** Parts of a path, as they came. */
export interface Asked {
  readonly subject: string;
  readonly version: string;
  readonly id: string;
}

const bodySchema = z.object({ schema: z.string(), schemaType: z.string().nullish() });
const VERSION = /^(?:latest|-1|[1-9]\d{0,8})$/;
const ID = /^\d{1,9}$/;

/** @throws RegistryFault 40401 */
export function versionsOf(subjects: Subjects, { subject }: Asked): readonly SubjectVersion[] {
  const versions = subjects.of(subject);
  if (versions === null) throw FAULT.noSubject(subject);
  return versions;
}

/** @throws RegistryFault 40401, 40402, 42202 */
export function versionOf(subjects: Subjects, asked: Asked): SubjectVersion {
  const versions = versionsOf(subjects, asked);
  const { version } = asked;
  if (!VERSION.test(version)) throw FAULT.badVersion(version);
  const found = /^\d/.test(version) ? versions.find((one) => one.version === Number(version)) : versions.at(-1);
  if (found === undefined) throw FAULT.noVersion(version);
  return found;
}

/** @throws RegistryFault 40403 */
export function withId(subjects: Subjects, { id }: Asked): readonly [SubjectVersion, ...SubjectVersion[]] {
  const [first, ...more] = ID.test(id) ? subjects.withId(Number(id)) : [];
  if (first === undefined) throw FAULT.noSchema();
  return [first, ...more];
}

/** The subject's version with the schema of a body. @throws RegistryFault 40401, 40403, 42201, 422 */
export function lookedUp(subjects: Subjects, asked: Asked, body: unknown): SubjectVersion {
  versionsOf(subjects, asked);
  const found = subjects.find(asked.subject, schemaOf(body));
  if (found.kind === 'invalid') throw FAULT.noAvro();
  if (found.kind === 'unknown') throw FAULT.noSchema();
  return found.version;
}

/**
 * What a producer with auto.register.schemas does before its first record.
 * @throws RegistryFault 409 and 42205 where it is another schema, 42201, 422
 */
export function registered(subjects: Subjects, { subject }: Asked, body: unknown): { readonly id: number } {
  const found = subjects.find(subject, schemaOf(body));
  if (found.kind === 'invalid') throw FAULT.noAvro();
  if (found.kind === 'known') return { id: found.version.id };
  throw found.fits || subjects.of(subject) === null ? FAULT.readOnly() : FAULT.unlike(subject);
}

function schemaOf(body: unknown): string {
  const parsed = bodySchema.safeParse(jsonOf(body));
  if (!parsed.success) throw FAULT.badBody();
  const { schema, schemaType } = parsed.data;
  if ((schemaType ?? 'AVRO') !== 'AVRO') throw FAULT.noAvro();
  return schema;
}

function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    return null;
  }
}
