import type { FastifyInstance, FastifySchema } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the API description says beside the schemas that the route is checked by. */
    openapi?: FastifySchema;
  }
}

/** An app whose routes are checked and described by zod schemas, without a change for other services on the same host. */
export function typedScope(app: FastifyInstance) {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app.withTypeProvider<ZodTypeProvider>();
}

export type TypedApp = ReturnType<typeof typedScope>;
