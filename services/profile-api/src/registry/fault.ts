import { isKenalError } from '@kenal/errors';
import type { FastifyReply } from 'fastify';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** Answer in the media type of schema registries; as bytes, because fastify adds a charset to what is text. */
export function sendRegistry(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type(MEDIA_TYPE).send(Buffer.from(JSON.stringify(value)));
}

/** A refusal in the words of Confluent's registry: clients act on `error_code`, which is the HTTP status or begins with it. */
class RegistryFault extends Error {
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

export const FAULT = {
  noSubject: (subject: string) => new RegistryFault(40401, `Subject '${subject}' not found.`),
  noVersion: (version: string) => new RegistryFault(40402, `Version ${version} not found.`),
  noSchema: () => new RegistryFault(40403, 'Schema not found'),
  noPath: () => new RegistryFault(404, 'HTTP 404 Not Found'),
  unlike: (subject: string) =>
    new RegistryFault(409, `Schema being registered is incompatible with the newest one of subject '${subject}'`),
  noAvro: () => new RegistryFault(42201, 'Input schema is an invalid Avro schema'),
  badVersion: (version: string) =>
    new RegistryFault(42202, `The specified version '${version}' is not a valid version id: 1, 2, … or latest`),
  readOnly: () => new RegistryFault(42205, 'This registry is read-only: the schemas come with Kenal'),
  badBody: () => new RegistryFault(422, 'send {"schema": "<Avro schema as JSON text>"}'),
} as const;

/** Errors of the routes of this folder, and of what stands before them (a body over the limit). */
export function sendFault(error: unknown, reply: FastifyReply): FastifyReply {
  const known = isKenalError(error) ? new RegistryFault(error.status, error.message) : error;
  if (!(known instanceof RegistryFault)) throw error;
  const { errorCode, message } = known;
  return sendRegistry(reply.code(Number(String(errorCode).slice(0, 3))), { error_code: errorCode, message });
}
