import { Validator } from '@seriousme/openapi-schema-validator';

/** An API description as far as tests look into it. */
export interface ApiDescription {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly servers: readonly object[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface ApiOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/**
 * The description at an address, held against OpenAPI's own schema of its version by a validator of others; every
 * reference leads somewhere, no operation has the id of another, and each says what a reader wants to know.
 * @throws Error with what is wrong
 */
export async function validDescription(url: string): Promise<ApiDescription> {
  const description = (await (await fetch(url)).json()) as ApiDescription;
  const validator = new Validator();
  const result = await validator.validate({ ...structuredClone(description) });
  if (!result.valid)
    throw new Error(`${url} is no valid OpenAPI: ${JSON.stringify(result.errors, null, 1).slice(0, 2_000)}`);
  if (validator.version !== '3.1') throw new Error(`${url} was taken for OpenAPI ${validator.version}`);
  const lacking = [...leadingNowhere(description), ...undescribed(description), ...foreign(description)];
  if (lacking.length > 0) throw new Error(`${url}:\n${lacking.join('\n')}`);
  return description;
}

function leadingNowhere(description: ApiDescription): string[] {
  const found = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
  const isThere = (reference: string): boolean => {
    const parts = reference.split('/').slice(1);
    let at: unknown = description;
    for (const part of parts) at = (at as Readonly<Record<string, unknown>> | undefined)?.[part];
    return reference.startsWith('#/') && at !== undefined;
  };
  return [...new Set(found)].filter((one) => !isThere(one)).map((one) => `${one} leads nowhere`);
}

/** Keywords of ours that JSON Schema does not have; a property of such a name has a schema. */
function foreign({ components }: ApiDescription): string[] {
  const found = JSON.stringify(components).matchAll(/"(wanted|secret)":(?!\{)/g);
  return Array.from(found, ([, name]) => `${name} is no keyword of JSON Schema`);
}

/** What a reader of the reference page would miss. */
function undescribed({ servers, tags, paths }: ApiDescription): string[] {
  const groups = new Set(tags.filter(({ description }) => description !== '').map(({ name }) => name));
  const ids = new Set<string>();
  const faults = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const faultsOf = [...operationFaults(operation, groups)];
      if (ids.has(operation.operationId ?? '')) faultsOf.push(`has the id ${operation.operationId} of another`);
      ids.add(operation.operationId ?? '');
      return faultsOf.map((fault) => `${method} ${path} ${fault}`);
    }),
  );
  return servers.length === 0 ? ['there is no server', ...faults] : faults;
}

function* operationFaults(operation: ApiOperation, groups: ReadonlySet<string>): Generator<string> {
  const { operationId, summary, tags = [], security = [], responses, description = '' } = operation;
  if (operation.security === undefined) yield 'does not say what opens it; [] where nothing is needed';
  for (const [status, answer] of Object.entries(responses))
    if (answer.description === 'Default Response') yield `does not say what its answer ${status} means`;
  if (operationId === undefined || summary === undefined) yield 'has no operationId, or no summary';
  if (tags.length !== 1) yield 'is in no group, or in several';
  for (const tag of tags) if (!groups.has(tag)) yield `has the tag ${tag}, of which nothing is said`;
  const ways = security.filter((one) => 'bearer' in one);
  const verbs = new Set(ways.flatMap((one) => Object.values(one).flat()));
  if (security.length > 0 && !('401' in responses)) yield 'takes a key, and has no answer 401';
  if (verbs.size > 0 && !('403' in responses)) yield 'takes a verb, and has no answer 403';
  for (const verb of verbs)
    if (!description.includes(`\`${verb}\``)) yield `does not say that it takes the verb ${verb}`;
}
