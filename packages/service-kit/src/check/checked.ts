import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { explain, type Fault } from './explain.ts';
import { formOf, type Path } from './form.ts';

/** A value that fits its schema, or every fault of it, each a sentence with its place. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Hold a value against a schema. */
export function checkValue<S extends z.ZodType>(schema: S, given: unknown): Checked<z.output<S>> {
  return check(schema, given, (faults) => faults.map(({ path, says }) => `${shownPath(path)}: ${says}`));
}

/** Read YAML and hold it against a schema; faults name the line. A document without content is an empty object. */
export function checkYaml<S extends z.ZodType>(schema: S, text: string): Checked<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken !== undefined)
    return { ok: false, faults: [`line ${lineAt(broken.pos[0])}: this is no YAML: ${broken.message}`] };
  return check(schema, document.toJS() ?? {}, (faults) =>
    faults
      .map(({ path, says }) => ({
        offset: offsetOf(document, path),
        what: path.length === 0 ? says : `${shownPath(path)}: ${says}`,
      }))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, what }) => `line ${lineAt(offset)}, ${what}`),
  );
}

/** `kenal.yaml, line 3, …`, or `kenal.yaml:` and a line for each fault. */
export function listFaults(where: string, faults: readonly string[]): string {
  if (faults.length === 1) return `${where}: ${faults[0]}`;
  return `${where} has ${faults.length} faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
}

function check<S extends z.ZodType>(
  schema: S,
  given: unknown,
  sentences: (faults: readonly Fault[]) => string[],
): Checked<z.output<S>> {
  const result = schema.safeParse(given);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, faults: sentences(explain(formOf(schema), result.error.issues, given)) };
}

/** `workspaces[0].sources[1].channel` */
function shownPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text === '' ? '' : `${text}.`}${String(step)}`),
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
