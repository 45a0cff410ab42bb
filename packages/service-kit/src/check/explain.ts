import type { core } from 'zod';
import { type Form, formAt, type Path, wordsOf } from './form.ts';
import { nearest } from './nearest.ts';

/** A fault of a document. */
export interface Fault {
  /** Where it is; the path of an unknown option ends with its name. */
  readonly path: Path;
  /** What was found there and what is wanted; worded when asked for, as a document may have any number of faults. */
  says(): string;
}

type Issue = core.$ZodIssue;

const LONGEST_SHOWN = 60;

/**
 * Issues of a failed parse in words for whoever wrote the document.
 * @param form of the schema, `formOf`
 * @param given what was parsed
 */
export function explain(form: Form, issues: readonly Issue[], given: unknown): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        says: () => unknownOption(form, issue.path, key),
      }));
    const branch = issue.code === 'invalid_union' ? likelyBranch(issue, formAt(form, issue.path)) : null;
    if (branch === null) return [{ path: issue.path, says: () => misfit(formAt(form, issue.path), issue, given) }];
    const inner = explain(branch.form, branch.issues, valueAt(given, issue.path));
    return inner.map(({ path, says }) => ({ path: [...issue.path, ...path], says }));
  });
}

function unknownOption(form: Form, path: Path, key: string): string {
  const known = Object.keys(formAt(form, path)?.properties ?? {});
  return `there is no such option${maybe(key, known)}; there are ${known.join(', ')}`;
}

function misfit(form: Form | null, issue: Issue, given: unknown): string {
  const value = valueAt(given, issue.path);
  const known = issue.code === 'custom' ? (issue.params?.known as ReadonlySet<string> | undefined) : form?.enum;
  const about = form?.description === undefined || form.wanted !== undefined ? '' : ` (${form.description})`;
  // The authors of our schemas begin with `must`; what zod says by itself is not for people
  const wanted = issue.message.startsWith('must ')
    ? issue.message
    : `wanted: ${form === null ? 'something else' : wordsOf(form)}`;
  if (value === undefined) return `it is missing; ${wanted}${about}`;
  const found = form?.secret === true ? '' : `found ${show(value)}; `;
  // What is not known is the word that stands there, or the key of whatever does
  const name = typeof value !== 'string' && known !== undefined ? String(issue.path.at(-1)) : value;
  return `${found}${wanted}${typeof name === 'string' ? maybe(name, [...(known ?? [])].map(String)) : ''}${about}`;
}

interface Branch {
  readonly form: Form;
  readonly issues: readonly Issue[];
}

/**
 * Of a union the branch that somebody probably meant: one whose outer form fits, with the fewest faults; of equal ones the
 * last. @returns null where none fits
 */
function likelyBranch(issue: Extract<Issue, { code: 'invalid_union' }>, form: Form | null): Branch | null {
  let best: Branch | null = null;
  for (const [index, issues] of issue.errors.entries()) {
    const branch = form?.anyOf?.[index];
    if (branch?.type !== 'object' || issues.some(({ path, code }) => path.length === 0 && code === 'invalid_type'))
      continue;
    if (best === null || weigh(issues) <= weigh(best.issues)) best = { form: branch, issues };
  }
  return best;
}

function weigh(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function maybe(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null || meant === word ? '' : `, did you mean ${meant}?`;
}

function valueAt(given: unknown, path: Path): unknown {
  let at = given;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return `options ${Object.keys(value).slice(0, 5).map(brief).join(', ')}`;
  return brief(JSON.stringify(value));
}

/** What others wrote, cut to the length of a sentence. */
export function brief(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
