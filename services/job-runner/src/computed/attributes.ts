import type { ComputedKind, WorkspaceConfig } from '@kenal/contracts';
import { type Moment, traitSql } from './aggregates.ts';
import type { Tolerance } from './crossing.ts';
import { segmentSql } from './segments.ts';
import type { ModelSource } from './sources.ts';
import { createParams, type Statement } from './statement.ts';
import { inPart, type Part } from './told.ts';

/** Something that is computed of profiles, and how. */
export interface Attribute extends Tolerance {
  readonly name: string;
  readonly kind: ComputedKind;
  /** Said in kenal.yaml: asked with the limits of readers. */
  readonly isDeclared: boolean;
  /** Gives profile_id, value as JSON text, measure, fit_id, reason; of each profile once, in the order of their ids. */
  statement(part: Part): Statement;
}

/** All attributes of a workspace, those that others are asked by first. */
export function attributesOf(
  workspace: WorkspaceConfig,
  moment: Moment,
  sources: readonly ModelSource[],
): readonly Attribute[] {
  const { computed, segments } = workspace;
  return [
    ...sources.map(ofModel),
    ...Object.entries(computed).map(([name, trait]) =>
      declared('trait', name, trait.unit, (params) => traitSql(trait, moment, params)),
    ),
    ...Object.keys(segments).map((name) =>
      declared(
        'segment',
        name,
        0,
        (params) => `SELECT profile_id, 'true' AS value FROM (${segmentSql(name, workspace, moment, params)})`,
      ),
    ),
  ];
}

const NOTHING = `NULL AS measure, '' AS fit_id, '' AS reason`;

function declared(
  kind: 'trait' | 'segment',
  name: string,
  unit: number,
  sqlOf: (params: ReturnType<typeof createParams>) => string,
): Attribute {
  return {
    ...{ name: `${kind}.${name}`, kind, isDeclared: true, unit, margin: 0 },
    statement(part) {
      const params = createParams();
      const rows = `SELECT toString(profile_id) AS profile_id, value FROM (${sqlOf(params)})
        WHERE profile_id IN (SELECT profile_id FROM kenal.live_profiles)`;
      return { sql: sorted(`SELECT profile_id, value, ${NOTHING} FROM (${rows})`, part), params: params.all };
    },
  };
}

function ofModel({ name, sql, unit = 0, margin = 0 }: ModelSource): Attribute {
  return {
    ...{ name, kind: 'score', isDeclared: false, unit, margin },
    statement: (part) => ({ sql: sorted(sql, part), params: {} }),
  };
}

function sorted(sql: string, part: Part): string {
  return `SELECT profile_id, value, measure, fit_id, reason FROM (${sql})
    WHERE value NOT IN ('', 'null')${inPart(part)} ORDER BY profile_id`;
}
