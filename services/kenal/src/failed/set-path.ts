import type { JsonObject, JsonValue } from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';

type Step = string | number;

// .name  ["odd name"]  [3]
const STEP = /^(?:\.([A-Za-z_$][\w$-]*)|\["((?:[^"\\]|\\["\\/bfnrt])*)"\]|\[(\d{1,6})\])/;
const MOST_STEPS = 100;
// `$.batch[3].timestamp` of a batch is `$.timestamp` of the event that was kept, `$.records[3].amount` `$.amount`
const IN_BATCH = /^\$\.(?:batch|records)\[\d+\]/;

/**
 * `$.context.traits["first name"]=Ann` → a copy with that value: JSON where it is JSON, else text. Nothing behind `=` takes
 * the field away.
 * @throws UsageError where that is no path, or it leads through something that holds nothing
 */
export function applySet(value: JsonValue, setting: string): JsonValue {
  const equals = setting.indexOf('=');
  if (equals < 0) throw new UsageError(`--set ${setting}: write <path>=<value>, such as '$.properties.total=12.5'`);
  const text = setting.slice(equals + 1);
  const steps = stepsOf(setting.slice(0, equals));
  return replace(value, steps, text === '' ? undefined : readValue(text), setting);
}

/** `$.traits.email=a@b.example` → `traits`; null where the whole is set. @throws UsageError where that is no path */
export function firstStepOf(setting: string): string | number | null {
  return stepsOf(pathOf(setting))[0] ?? null;
}

/** `$.traits.email=a@b.example` → `$.traits.email`, as faults name it. */
export function pathOf(setting: string): string {
  const path = alone(setting.slice(0, setting.indexOf('=')).trim());
  return path.startsWith('$') ? path : `$.${path}`;
}

/** `$.batch[3].timestamp` → `$.timestamp` */
export function alone(path: string): string {
  return path.replace(IN_BATCH, '$');
}

function stepsOf(path: string): Step[] {
  const plain = alone(path.trim());
  let rest = plain.startsWith('$') ? plain.slice(1) : `.${plain}`;
  const steps: Step[] = [];
  while (rest !== '') {
    const match = steps.length < MOST_STEPS ? STEP.exec(rest) : null;
    if (match === null)
      throw new UsageError(`--set ${path}: no path; write it like $.traits.email or $.products[0].price`);
    const [whole, name, quoted, index] = match;
    steps.push(index === undefined ? (name ?? (JSON.parse(`"${quoted}"`) as string)) : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

function readValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function replace(
  node: JsonValue,
  [step, ...rest]: readonly Step[],
  value: JsonValue | undefined,
  setting: string,
): JsonValue {
  if (step === undefined) return value ?? null;
  if (typeof step === 'number') {
    if (!Array.isArray(node) || step > node.length)
      throw new UsageError(`--set ${setting}: there is no place [${step}]`);
    if (rest.length === 0 && value === undefined) return node.toSpliced(step, 1);
    return Object.assign([...node], { [step]: replace(node[step] ?? {}, rest, value, setting) });
  }
  if (!isObject(node)) throw new UsageError(`--set ${setting}: .${step} leads through something that has no fields`);
  if (rest.length === 0 && value === undefined) {
    const { [step]: _gone, ...others } = node;
    return others;
  }
  return { ...node, [step]: replace(Object.hasOwn(node, step) ? (node[step] ?? {}) : {}, rest, value, setting) };
}

export function isObject(node: JsonValue | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
