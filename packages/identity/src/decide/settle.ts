import type { Change, ComponentSnapshot, IdentifierKey, Micros } from '@kenal/contracts';
import { hubsOf } from '../cluster/hubs.ts';
import { partitionInParts } from '../cluster/partition.ts';
import type { Component } from '../evidence/component.ts';
import { decodeInParts, decodePublishedInParts } from '../evidence/decode.ts';
import { EVIDENCE, evidenceKind, partOf } from '../evidence/fields.ts';
import { isSmall } from '../evidence/sight.ts';
import type { Paused } from '../pauses.ts';
import type { IdentityRules } from '../rules.ts';
import { changesOf } from './changes.ts';
import { type Commit, putPublication, writeContents, writePartition } from './commit.ts';
import { diffContents, diffPartition } from './diff.ts';
import { type Draft, draftOf } from './draft.ts';
import { ghostsOf } from './ghosts.ts';
import { hubAgain } from './hub-again.ts';
import { hubsBeside, hubsIn, type Loaded } from './pieces.ts';
import { openShelves } from './slots.ts';
import type { Unit } from './unit.ts';
import { createWanted, type Wants } from './wants.ts';

export interface Settings {
  readonly rules: IdentityRules;
  readonly now: Micros;
  readonly newComponent: () => string;
  readonly loaded: Loaded;
  readonly recovering: ReadonlySet<IdentifierKey>;
  /** Why a decision without evidence is made. */
  readonly cause: Change['cause'] | null;
  /** Leave out the short cuts; the result is the same. */
  readonly slow: boolean;
  /** Evidence was taken away, so that what hung together may do so no more. */
  readonly isErasure?: boolean;
}

export interface Written {
  /** What to write, or null where nothing differs. */
  readonly commit: Commit | null;
  /** Text of a field once the commit stands. */
  textOf(field: string): string | undefined;
}

/** What becomes of a unit. */
export interface Settled extends Written {
  readonly changes: readonly Change[];
}

/** Decide one unit. @returns what more has to be loaded where that is not known */
export function* settle(unit: Unit, settings: Settings): Paused<Settled | Wants> {
  const draft = yield* draftOf(unit, settings.loaded);
  const again = isAgain(unit);
  const isKnown = unit.components.length === 1 && draft.absent.size === 0 && settings.recovering.size === 0;
  if (!isKnown || again || draft.movesPeople || settings.slow) return yield* settlePeople(unit, draft, settings, again);
  // Most events: a known person was seen again
  return draft.movesContent ? yield* settleContents(unit, draft, settings) : settled(writeContents(draft, null), []);
}

function settled({ commit, textOf }: Written, changes: readonly Change[]): Settled {
  return { commit, textOf, changes };
}

/** Whether all has to be looked at: under new rules (there is no evidence), or since somebody decided something. */
function isAgain({ evidence }: Unit): boolean {
  return evidence.length === 0 || evidence.some(({ rule }) => rule !== undefined);
}

/** Somebody said something new of a known person. */
function* settleContents(unit: Unit, draft: Draft, { rules, now }: Settings): Paused<Settled> {
  const { layers, changed } = draft;
  const after = yield* decodePublishedInParts(layers, rules, changed);
  const diff = diffContents(after, rules, touchedBy(changed), now);
  const changes = yield* changesOf({ rules, after, fields: layers, diff, evidence: unit.evidence, cause: null });
  return settled(writeContents(draft, putPublication(new Map(), diff)), changes);
}

/** Somebody or some link is new, or older than was known, or the rules are others. */
function* settlePeople(start: Unit, first: Draft, settings: Settings, again: boolean): Paused<Settled | Wants> {
  const { rules, now, recovering } = settings;
  const ground = yield* groundOf(start, first, settings, again);
  if ('identifiers' in ground) return ground;
  const { unit, draft, component, published, known, opened } = ground;
  const isLarge = !isSmall(component);
  if (isLarge) yield;
  const people = yield* partitionInParts(component, rules, known, settings.slow);
  if (isLarge) yield;
  // Of several components one may not have been swept yet since the rules changed, and is gone once it is joined
  const isAll = again || unit.components.length > 1;
  const touched = isAll ? new Set(component.assigned.keys()) : touchedBy(draft.changed);
  const compared = yield* diffPartition(component, people, rules, touched, now);
  const ghosts = ghostsOf(component, people, compared, recovering, rules);
  const diff = ghosts.length === 0 ? compared : { ...compared, ghosts };
  if (isLarge) yield;
  const { evidence } = unit;
  const about = { rules, after: component, fields: draft.layers, diff, evidence, cause: settings.cause };
  const changes = yield* changesOf(about);
  if (isLarge) yield;
  return settled(yield* writePartition({ draft, component, published, people, diff, opened, settings }), changes);
}

const NOBODY: ReadonlySet<IdentifierKey> = new Set();

interface Ground {
  readonly unit: Unit;
  readonly draft: Draft;
  readonly component: Component;
  /** Hubs as they were published. */
  readonly published: ReadonlySet<IdentifierKey>;
  /** Hubs that this decision takes for granted. */
  readonly known: ReadonlySet<IdentifierKey>;
  /** Centres whose shelves were emptied onto the table. */
  readonly opened: ReadonlySet<IdentifierKey>;
}

/** Bring together all that the decision hangs on: hubs that are none any more bring their neighbours, shelves their leaves. */
function* groundOf(start: Unit, first: Draft, { rules, loaded }: Settings, again: boolean): Paused<Ground | Wants> {
  const freed = new Set<IdentifierKey>();
  const open = new Set<IdentifierKey>();
  let unit = start;
  let draft = first;
  for (;;) {
    const component = yield* decodeInParts([...draft.layers, draft.leafFields], rules, draft.changed);
    if (component.hubs.size + component.shelves.size + hubsIn(loaded).size === 0)
      return { unit, draft, component, published: NOBODY, known: NOBODY, opened: open };
    const beside = hubsIn(loaded).size === 0 ? [] : unit.evidence.flatMap(hubsBeside);
    const published = new Set(component.hubs);
    const known = new Set(published);
    for (const hub of beside) if (!published.has(hub)) known.add(hub);
    for (const hub of beside) if (!published.has(hub)) component.elsewhere.add(hub);
    const wanted = createWanted();
    const joins: ComponentSnapshot[] = [];
    const before = freed.size + open.size;
    for (const hub of again ? published : []) {
      if (component.elsewhere.has(hub)) continue;
      if (freed.has(hub)) {
        known.delete(hub);
        continue;
      }
      const verdict = hubAgain(hub, component, draft, rules, loaded, wanted);
      if (typeof verdict === 'string') continue;
      freed.add(hub);
      open.add(hub);
      joins.push(...verdict.joins);
    }
    if (wanted.all() === null && joins.length === 0 && freed.size + open.size === before) {
      const hubs = hubsOf(component, rules, known);
      for (const centre of openShelves(component, draft, rules, loaded, hubs, again, wanted)) open.add(centre);
    }
    if (wanted.all() !== null) return wanted.all()!;
    if (freed.size + open.size === before) return { unit, draft, component, published, known, opened: open };
    unit = joined(unit, joins);
    yield;
    draft = yield* draftOf(unit, loaded, open);
  }
}

function joined(unit: Unit, more: readonly ComponentSnapshot[]): Unit {
  const components = new Map([...unit.components, ...more].map((component) => [component.id, component]));
  return { ...unit, components: [...components.values()] };
}

/** Owners of traits and consent, and identifiers with spellings among the changed fields: their profiles' content may differ. */
function touchedBy(changed: ReadonlyMap<string, string>): Set<IdentifierKey> {
  const touched = new Set<IdentifierKey>();
  for (const field of changed.keys()) {
    const kind = evidenceKind(field);
    if (kind !== null && EVIDENCE[kind].moves === 'content') touched.add(partOf(field, 1));
  }
  return touched;
}
