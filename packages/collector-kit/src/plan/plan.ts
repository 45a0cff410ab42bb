import type { PlanConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { JsonRecord } from '../json/inspect.ts';
import type { EventGroup } from './group.ts';
import { pathOf } from './path.ts';
import { readGroup } from './read-group.ts';
import { reasonOf } from './reason.ts';
import { stripAt } from './strip.ts';

/** What is wrong with an event, by its plan. */
export interface PlanFault {
  /** JSON path of the event: `$.properties.total` */
  readonly path: string;
  readonly reason: string;
}

/** What becomes of an event. */
export interface Planned {
  readonly faults: readonly PlanFault[];
  /** It becomes a failed event. */
  readonly blocked: boolean;
  /** As they are stored. */
  readonly properties: JsonRecord;
  /** What was taken out of them, by its JSON path. */
  readonly stripped: JsonRecord;
}

export interface Plan {
  /** @returns null where all is well */
  check(name: string, properties: JsonRecord): Planned | null;
}

const MOST_FAULTS = 20;
const UNPLANNED =
  '$.event names an event that is not in the plan: send one that is, or add it (plan.catalogue of the source)';

/** @throws KenalError `bad_config` where a group cannot be read, or one of its schemas is none */
export function createPlan({ catalogue, violations, unplanned }: PlanConfig): Plan {
  const checks = new Map<string, ValidateFunction>();
  for (const name of catalogue) for (const [event, check] of compileGroup(readGroup(name))) checks.set(event, check);

  return {
    check(name, properties) {
      const check = checks.get(name);
      if (check === undefined) {
        if (unplanned === 'allow') return null;
        const faults = [{ path: '$.event', reason: UNPLANNED }];
        return { faults, blocked: unplanned === 'block', properties, stripped: {} };
      }
      if (check(properties)) return null;
      const errors = (check.errors ?? []).slice(0, MOST_FAULTS);
      const faults = errors.map(faultOf);
      if (violations !== 'strip') return { faults, blocked: violations === 'block', properties, stripped: {} };
      return { faults, blocked: false, ...stripAt(properties, errors.map(placeOf)) };
    },
  };
}

/** The checks of a group's events. @throws KenalError `bad_config` naming the event whose schema is none */
export function compileGroup({ group, events, defs }: EventGroup): readonly (readonly [string, ValidateFunction])[] {
  const regExp = Object.assign(linear, { code: 'linear' });
  const ajv = new Ajv2020({
    allErrors: true,
    strict: 'log',
    allowUnionTypes: true,
    logger: false,
    verbose: true,
    code: { regExp },
  });
  return Object.entries(events).map(([event, { description: _described, ...schema }]) => {
    try {
      return [event, ajv.compile({ type: 'object', $defs: defs, ...schema })] as const;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new KenalError('bad_config', `group ${group}, event ${event}: ${why}`, { cause });
    }
  });
}

// No regular expression of a configuration may run longer than its text is long
function linear(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(pattern);
  // Ajv keeps one of each by its text
  return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
}

function faultOf(error: ErrorObject): PlanFault {
  const path = pathOf(['properties', ...placeOf(error)]);
  return { path, reason: reasonOf(error, path) };
}

/** The place of what is wrong: of a property that is missing, or not wanted, its own. */
function placeOf({ instancePath, params }: ErrorObject): readonly string[] {
  const steps = instancePath === '' ? [] : instancePath.slice(1).split('/').map(readStep);
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string };
  const own = missingProperty ?? additionalProperty;
  return own === undefined ? steps : [...steps, own];
}

// JSON pointer (RFC 6901)
function readStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
