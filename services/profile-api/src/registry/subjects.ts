import { SCHEMAS, type SchemaVersion, TOPICS, type TopicFlow } from '@kenal/contracts';
import { compareSchema } from '@kenal/event-log';

/** A version of a subject. Ids are those of `schemas/`, one for each schema, whichever topics have it. */
export interface SubjectVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  /** JSON text, with its documentation. */
  readonly schema: string;
}

/** The subjects that there are: `<topic>-value`, each with its versions, oldest first. Keys are plain text and have none. */
export interface Subjects {
  /** Those that all workspaces share. */
  readonly names: readonly string[];
  /**
   * @param subject may also be that of a topic of one workspace's own, whether there is such a workspace or not: who asks
   * without a key does not learn which there are
   * @returns null for an unknown subject
   */
  of(subject: string): readonly SubjectVersion[] | null;
  /** @returns every version of every subject with this id; empty for an unknown id */
  withId(id: number): readonly SubjectVersion[];
  /** What a producer that knows a schema is told: see {@link Found}. */
  find(subject: string, schema: string): Found;
}

/** `invalid`: no Avro; `unknown`: another schema, `fits` where it and the newest one read each other. */
export type Found =
  | { readonly kind: 'known'; readonly version: SubjectVersion }
  | { readonly kind: 'unknown'; readonly fits: boolean }
  | { readonly kind: 'invalid' };

const flows: readonly TopicFlow[] = Object.values(TOPICS);
const texts = new Map(SCHEMAS.map(({ id, schema }) => [id, JSON.stringify(schema)]));
const canonicals = new Map(SCHEMAS.map(({ id, schema }) => [id, compareSchema(schema)]));

export function createSubjects(): Subjects {
  const written = flows.filter(({ schema }) => schema !== null);
  const names = written.map(({ name }) => `${name}-value`).sort();

  function versionsOf(subject: string): readonly SubjectVersion[] | null {
    const flow = written.find(({ name, perWorkspace }) =>
      perWorkspace === true ? ofOneOrAll(name, subject) : subject === `${name}-value`,
    );
    if (flow === undefined) return null;
    return SCHEMAS.filter(({ name }) => name === flow.schema).map((one) => presented(subject, one));
  }

  return {
    names,
    of: versionsOf,
    withId: (id) => names.flatMap((name) => versionsOf(name) ?? []).filter((one) => one.id === id),
    find(subject, schema) {
      const asked = compareSchema(parsed(schema));
      if (asked === null) return { kind: 'invalid' };
      const versions = versionsOf(subject) ?? [];
      // The newest first, as registries look: of two versions that write the same bytes the later one
      const version = versions.findLast(({ id }) => canonicals.get(id)?.canonical === asked.canonical);
      if (version !== undefined) return { kind: 'known', version };
      const newest = canonicals.get(versions.at(-1)?.id ?? 0);
      return { kind: 'unknown', fits: newest?.isCompatibleWith(asked) ?? false };
    },
  };
}

// kenal.profile.changes.v1-value · kenal.profile.changes.v1.my-shop-value
function ofOneOrAll(topic: string, subject: string): boolean {
  return subject.startsWith(topic) && /^(?:\.[a-z0-9][a-z0-9_-]{0,62})?-value$/.test(subject.slice(topic.length));
}

function presented(subject: string, { id, version }: SchemaVersion): SubjectVersion {
  return { subject, version, id, schema: texts.get(id) ?? '' };
}

/** A schema as clients send it: JSON, or the bare name of a primitive type. */
function parsed(schema: string): unknown {
  try {
    return JSON.parse(schema);
  } catch {
    return schema;
  }
}
