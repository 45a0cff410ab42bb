import openapiTS, { astToString } from 'openapi-typescript';

/** What stands in an OpenAPI document, as far as it is looked at here. */
export interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** Schemas of the OpenAPI document that the client shows; what they name comes along. */
const SHOWN = [
  ...['Identify', 'Track', 'Page', 'Screen', 'Group', 'Alias', 'Batch', 'Accepted'],
  ...['Profile', 'ProfileBatch', 'ProfileTraits', 'ProfileIdentifiers', 'ProfileScores', 'Timeline', 'FoundProfiles'],
  ...['Explanation', 'Orders', 'Card', 'OwnToken', 'ChangeEnvelope', 'ChangeFilter'],
] as const;

const HEAD = '// Made from /openapi.json of a running Kenal: kenal.e2e.test.ts with -u writes it anew.\n\n';
const BEGIN = 'export interface components {\n    schemas: {\n';
const REFERENCE = /#\/components\/schemas\/(\w+)/g;

/** `packages/client/src/wire.ts`: the schemas as types of TypeScript, each by its own name. */
export async function wireTypes({ components: { schemas } }: Description): Promise<string> {
  const wanted = new Map<string, unknown>();
  const take = (name: string): void => {
    const schema = schemas[name];
    if (schema === undefined) throw new Error(`the OpenAPI document has no schema ${name}`);
    if (wanted.has(name)) return;
    wanted.set(name, schema);
    for (const [, inner] of JSON.stringify(schema).matchAll(REFERENCE)) take(inner!);
  };
  for (const name of SHOWN) take(name);
  const document = {
    ...{ openapi: '3.1.0', info: { title: 'Kenal', version: '0' }, paths: {} },
    components: { schemas: Object.fromEntries([...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
  const nodes = await openapiTS(document as never, { immutable: true, silent: true });
  return HEAD + flat(astToString(nodes));
}

/** `interface components { schemas: { readonly Profile: {…}; … } }` → `export type Profile = {…};` … */
function flat(text: string): string {
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const inside = text.slice(begin, text.indexOf('\n    };\n', begin));
  return inside
    .replace(/^ {8}/gm, '')
    .replace(/^(\/\*\* @description .*\n)?readonly (\w+): /gm, '\n$1export type $2 = ')
    .replace(/components\["schemas"\]\["(\w+)"\]/g, '$1')
    .replace(/( \* | *\/\*\* )@description /g, '$1')
    .replace(/^ *(?:\/\*\*|\*) @(?:constant|enum \{string\})(?: \*\/)?\n/gm, '')
    .trimStart()
    .concat('\n');
}
