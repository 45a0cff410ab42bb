import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { brief, explain, type Fault } from './explain.ts';
import { formOf, type Path } from './form.ts';

/** Faults of a document: the first ones, each a sentence with its place, and how many there are beside them. */
export interface Faults {
  readonly faults: readonly string[];
  readonly more: number;
}

/** A value that fits its schema, or what is wrong with it. */
export type Checked<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Faults);

/** Nobody reads more at once, and somebody may send a hundred thousand. */
const MOST_FAULTS = 20;

/** Hold a value against a schema. */
export function checkValue<S extends z.ZodType>(schema: S, given: unknown): Checked<z.output<S>> {
  return check(schema, given, (faults) => faults.map(sentence));
}

/** Read YAML and hold it against a schema; faults name the line. A document without content is an empty object. */
export function checkYaml<S extends z.ZodType>(schema: S, text: string): Checked<z.output<S>> {
  const lines = new LineCounter();
  // Its own look for repeated keys compares each with each
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const broken = brokenOf(document);
  if (broken !== null)
    return { ok: false, faults: [`line ${lineAt(broken.offset)}: this is no YAML: ${broken.why}`], more: 0 };
  const content = contentOf(document);
  if (typeof content === 'string') return { ok: false, faults: [content], more: 0 };
  return check(schema, content.value ?? {}, (faults) =>
    faults
      .map((fault) => ({ offset: offsetOf(document, fault.path), what: sentence(fault) }))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, what }) => `line ${lineAt(offset)}, ${what}`),
  );
}

interface Broken {
  readonly offset: number;
  readonly why: string;
}

function brokenOf(document: Document.Parsed): Broken | null {
  const [error] = document.errors;
  if (error !== undefined) return { offset: error.pos[0], why: error.message };
  let repeated: Broken | null = null;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) {
          repeated = { offset: startOf(key) ?? 0, why: `the key ${brief(String(name))} stands here twice` };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return repeated;
}

/** What the document says, or why that cannot be told. */
function contentOf(document: Document.Parsed): { readonly value: unknown } | string {
  try {
    return { value: document.toJS() };
  } catch (error) {
    // An alias of nothing, or of so many others that what they stand for would fill the memory
    if (error instanceof ReferenceError) return `its aliases (*name) cannot be followed: ${error.message}`;
    throw error;
  }
}

/** `kenal.yaml: line 3, …`, or `kenal.yaml has 25 faults:`, a line for each of the first and `… and 5 more`. */
export function listFaults(where: string, { faults, more }: Faults): string {
  if (faults.length + more === 1) return `${where}: ${faults[0]}`;
  const lines = more === 0 ? faults : [...faults, `… and ${more} more`];
  return `${where} has ${faults.length + more} faults:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function check<S extends z.ZodType>(
  schema: S,
  given: unknown,
  sentences: (faults: readonly Fault[]) => string[],
): Checked<z.output<S>> {
  const result = schema.safeParse(given);
  if (result.success) return { ok: true, value: result.data };
  const all = explain(formOf(schema), result.error.issues, given);
  const first = all.slice(0, MOST_FAULTS);
  return { ok: false, faults: sentences(first), more: all.length - first.length };
}

function sentence({ path, says }: Fault): string {
  return path.length === 0 ? says() : `${shownPath(path)}: ${says()}`;
}

/** `workspaces[0].sources[1].channel` */
function shownPath(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text === '' ? '' : `${text}.`}${brief(String(step))}`,
    '',
  );
}

/** Where in the text the deepest part of the path begins that is there at all. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
