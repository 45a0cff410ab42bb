import { readFileSync } from 'node:fs';
import { KenalError } from '@kenal/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import { costlyPart } from './costly.ts';
import type { EventGroup } from './group.ts';
import { SHIPPED, SHIPPED_GROUPS } from './shipped.ts';

const schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const groupSchema = z.strictObject({
  group: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower case letters, digits and -' }),
  version: z.number().int().positive().default(1),
  source: z.string().optional(),
  events: z.record(
    z.string().min(1),
    z.strictObject({
      description: z.string().default(''),
      properties: z.record(z.string(), schema).default({}),
      required: z.array(z.string()).default([]),
      additionalProperties: z.boolean().default(true),
    }),
  ),
  $defs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** @param where the file, for errors @throws KenalError `bad_config` naming the place in it */
function parseGroup(value: unknown, where: string): EventGroup {
  const checked = groupSchema.safeParse(value);
  if (checked.success) {
    const { group, version, events, $defs: defs } = checked.data;
    const costly = costlyPart(events, defs);
    if (costly !== null) throw new KenalError('bad_config', `${where}: ${costly}`);
    return { group, version, events, defs };
  }
  const [issue] = checked.error.issues;
  throw new KenalError('bad_config', `${where}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

/**
 * A group by its name (`ecommerce`, `ecommerce.v1`), else a file, JSON or YAML.
 * @throws KenalError `bad_config`
 */
export function readGroup(name: string): EventGroup {
  const shipped = SHIPPED.get(name);
  if (shipped !== undefined) return parseGroup(shipped, name);
  return parseGroup(readFile(name), name);
}

function readFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const names = SHIPPED_GROUPS.join(', ');
    const what = code === 'ENOENT' ? `no group has this name (there are ${names}), and there is no such file` : message;
    throw new KenalError('bad_config', `plan ${path}: ${what}`, { cause });
  }
}
