import { createHash } from 'node:crypto';
import type { TriggerRule, WorkspaceConfig } from '@kenal/contracts';

type Declared = Pick<WorkspaceConfig, 'computed' | 'segments'>;

/**
 * Names whom a rule finds and may reach, by the words of kenal.yaml: another text, another rule. What is done about it, and
 * to how many of them, is no part of it.
 * @returns hex
 */
export function ruleText({ when, purpose, consent }: TriggerRule, declared: Declared): string {
  const segment = when.segmentEntered?.segment;
  const hangsOn = segment === undefined ? [] : declarationsOf(segment, declared);
  const text = JSON.stringify({ when, purpose, consent, hangsOn });
  return createHash('sha256').update(text).digest('hex');
}

/** A segment's declaration, and those of whatever segments and traits it asks for, in their order. */
function declarationsOf(segment: string, { computed, segments }: Declared): readonly unknown[] {
  const found = new Map<string, unknown>();
  const look = (name: string): void => {
    const key = `segment ${name}`;
    if (found.has(key)) return;
    found.set(key, segments[name]);
    lookInto(segments[name]);
  };
  const lookInto = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const said = part as Readonly<Record<string, unknown>>;
    if (typeof said.segment === 'string') look(said.segment);
    if (typeof said.computed === 'string') found.set(`computed ${said.computed}`, computed[said.computed]);
    for (const each of Object.values(said)) lookInto(each);
  };
  look(segment);
  return [...found];
}
