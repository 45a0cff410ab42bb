import { Validator } from '@seriousme/openapi-schema-validator';

/** An API description as far as tests look into it. */
export interface ApiDescription {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface ApiOperation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

/**
 * The description at an address, held against OpenAPI's own schema of its version by a validator of others; every
 * reference leads somewhere, and no operation has the id of another.
 * @throws Error with what is wrong
 */
export async function validDescription(url: string): Promise<ApiDescription> {
  const description = (await (await fetch(url)).json()) as ApiDescription;
  const validator = new Validator();
  const result = await validator.validate({ ...structuredClone(description) });
  if (!result.valid)
    throw new Error(`${url} is no valid OpenAPI: ${JSON.stringify(result.errors, null, 1).slice(0, 2_000)}`);
  if (validator.version !== '3.1') throw new Error(`${url} was taken for OpenAPI ${validator.version}`);
  const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  if (ids.includes(undefined) || new Set(ids).size !== ids.length)
    throw new Error(`${url}: operation ids are not unique`);
  return description;
}
