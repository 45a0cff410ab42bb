import { z } from 'zod';

/** A schema as JSON Schema, as far as it is read here. Notes of `.meta()` stand in it too. */
export interface Form {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Form>>;
  readonly additionalProperties?: Form | boolean;
  readonly items?: Form;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Form[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly description?: string;
  /** In words what it takes, where the rest does not tell. */
  readonly wanted?: string;
  /** Its value is shown to nobody. */
  readonly secret?: boolean;
}

export type Path = readonly PropertyKey[];

export function formOf(schema: z.ZodType): Form {
  return resolve(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Reference) as Form;
}

type Reference = { $ref?: string; readonly $defs?: Readonly<Record<string, Reference>> };

/** Puts what a reference names in its place: a form is followed from place to place, and one that holds itself has no end. */
function resolve(root: Reference): Reference {
  const seen = new Set<object>();
  const named = (ref: string): Reference => (ref === '#' ? root : (root.$defs?.[ref.slice('#/$defs/'.length)] ?? {}));
  const visit = (node: Reference): void => {
    if (seen.has(node)) return;
    seen.add(node);
    while (node.$ref !== undefined) {
      const { $ref, ...own } = node;
      delete node.$ref;
      Object.assign(node, named($ref), own);
    }
    for (const below of Object.values(node)) if (typeof below === 'object' && below !== null) visit(below);
  };
  visit(root);
  return root;
}

/** The form of one place, `['workspaces', 0, 'id']`. @returns null where the path leads out of what is known */
export function formAt(form: Form, path: Path): Form | null {
  let at: Form | null = form;
  for (const step of path) {
    if (at === null) return null;
    const named: Form | boolean | undefined = at.properties?.[String(step)] ?? at.items ?? at.additionalProperties;
    at = typeof named === 'object' ? named : null;
  }
  return at;
}

/** What a place takes: `a whole number from 0 to 65535`, `one of on, off`, `a list`. */
export function wordsOf(form: Form): string {
  if (form.wanted !== undefined) return form.wanted;
  if (form.enum !== undefined) return `one of ${form.enum.join(', ')}`;
  switch (form.type) {
    case 'integer':
    case 'number':
      return numberWords(form);
    case 'boolean':
      return 'true or false';
    case 'array':
      return listWords(form);
    case 'object':
      return form.properties === undefined
        ? 'names with a value each'
        : `options: ${Object.keys(form.properties).join(', ')}`;
    default:
      return (form.minLength ?? 0) > 1 ? `text of at least ${form.minLength} characters` : 'text';
  }
}

function numberWords({ type, minimum, maximum, exclusiveMinimum }: Form): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const top = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}`;
  if (minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER) return kind;
  return `${kind} from ${minimum}${top === '' ? ' on' : top}`;
}

function listWords({ minItems = 0, maxItems }: Form): string {
  if (maxItems !== undefined) return `a list of ${minItems} to ${maxItems}`;
  return minItems > 0 ? `a list of at least ${minItems}` : 'a list';
}
