import type { Change, Directive, IdentifierKey, IdentityConfig } from '@kenal/contracts';
import type { RejectedLink } from '../cluster/agglomerate.ts';
import { partition } from '../cluster/partition.ts';
import { type Decision, type DecisionInput, decide } from '../decide/decide.ts';
import { groupEvidence } from '../decide/group.ts';
import { directedOf } from '../directed.ts';
import { decodeComponent } from '../evidence/decode.ts';
import { directiveEvidenceOf } from '../evidence/directive-evidence.ts';
import { hubField } from '../evidence/fields.ts';
import { evidenceOf, type InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import { typeOf } from '../evidence/sight.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { type ProfileView, profileOf } from '../profile/view.ts';
import { compareRejected, type Replay, type ReplayOptions } from '../replay.ts';
import { compareText, rulesOf } from '../rules.ts';
import type { TestInteraction } from '../test-support.ts';
import { createMemory } from './memory.ts';

export type WorldOptions = Pick<ReplayOptions, 'mostIdentifiers'> & { readonly slow?: boolean };

/** Decides on a state in memory, as a resolver does. */
export function createWorld(start: IdentityConfig, { mostIdentifiers, slow = false }: WorldOptions = {}) {
  let config = start;
  const directives: Directive[] = [];
  const ruled = () => rulesOf(config, 'test', directedOf(directives), mostIdentifiers);
  let rules = ruled();
  const normalise = createNormaliser(start, 'US');
  const memory = createMemory();
  const changes: Change[] = [];
  const counts = { loads: 0, wants: 0, detached: 0, parked: 0 };
  let now = 1_000;
  let ids = 0;
  const newComponent = (): string => {
    ids += 1;
    return `c${ids}`;
  };

  /** Load, decide, load what is wanted, commit. */
  function run(
    keys: readonly IdentifierKey[],
    input: Pick<DecisionInput, 'evidence' | 'again' | 'recovering'>,
  ): Decision {
    const identifiers = new Set<IdentifierKey>();
    const shelves = new Map<IdentifierKey, number>();
    for (let round = 0; round < 60; round += 1) {
      now += 1;
      counts.loads += 1;
      const queries = Array.from(shelves, ([centre, limit]) => ({ centre, limit }));
      const loaded = { ...memory.load([...keys, ...identifiers], queries), asked: identifiers };
      const decision = decide({ rules, now, newComponent, loaded, slow, ...input });
      if (decision.wants === null) {
        let again = false;
        for (const { commit, changes: made } of decision.commits) {
          if (!memory.commit(commit)) {
            again = true;
            continue;
          }
          changes.push(...made);
          counts.detached += commit.detach?.length ?? 0;
          counts.parked += commit.park?.size ?? 0;
        }
        if (!again) return decision;
        continue;
      }
      counts.wants += 1;
      for (const key of decision.wants.identifiers) identifiers.add(key);
      for (const { centre, limit } of decision.wants.shelves) shelves.set(centre, limit);
    }
    throw new Error('a decision wants more and more');
  }

  function takeEvidence(evidence: readonly InteractionEvidence[], readAgain: boolean): void {
    const loaded = memory.load(evidence.flatMap(({ keys }) => keys));
    for (const part of groupEvidence(evidence, loaded, (one) => one)) {
      const keys = part.flatMap((one) => one.keys);
      run(keys, { evidence: part, recovering: new Set(readAgain ? keys : []) });
    }
  }

  function sweep(): void {
    rules = ruled();
    for (const id of [...memory.components.keys()]) {
      const component = memory.components.get(id);
      if (component === undefined) continue;
      const cause = { messageId: 'sweep', source: '', rule: 'ruleset' };
      run([], { evidence: [], again: { component: { ...component, fields: new Map(component.fields) }, cause } });
    }
  }

  /** The same picture that `replay` gives, from what was written. */
  function picture(): Replay {
    const profiles = new Map<string, ProfileView>();
    const profileByKey = new Map<IdentifierKey, string>();
    const rejected: RejectedLink[] = [];
    for (const { fields } of memory.components.values()) {
      const component = decodeComponent(fields, rules);
      rejected.push(...partition(component, rules).rejected);
      for (const [key, { profileId }] of component.assigned) {
        if (profileByKey.has(key)) throw new Error(`${key} is assigned twice`);
        profileByKey.set(key, profileId);
        if (!profiles.has(profileId)) profiles.set(profileId, profileOf(component, rules, key)!);
      }
    }
    for (const [leaf, pointer] of memory.pointers) if (typeof pointer === 'object') rejected.push(...parkedLink(leaf));
    return { profiles, profileByKey, rejected: rejected.sort(compareRejected) };
  }

  function parkedLink(leaf: IdentifierKey): RejectedLink[] {
    const { centre, text } = memory.pointers.get(leaf) as { centre: string; text: string };
    const isHub = memory.components.get(memory.componentOf(centre)!)!.fields.has(hubField(centre));
    const { links } = decodeComponent(decodeLeaf(centre, leaf, text), rules);
    return [...links.values()].map(({ a, b }) => {
      return { a, b, class: 'deterministic', reason: isHub ? `hub:${centre}` : `limit:${typeOf(leaf)}` };
    });
  }

  return {
    ...{ sweep, picture, changes, counts, memory },
    ...{ components: memory.components, pointers: memory.pointers, flush: memory.flush },
    get rules() {
      return rules;
    },
    take(batch: readonly TestInteraction[], readAgain = false): void {
      takeEvidence(
        batch.flatMap((event) => evidenceOf(event, normalise(event.identifiers)) ?? []),
        readAgain,
      );
    },
    /** One after the other, as they come; a source or a model that changes goes through all components. */
    direct(...more: readonly Directive[]): void {
      for (const directive of more) {
        directives.push(directive);
        if (directive.source !== null || directive.kind === 'model') sweep();
        takeEvidence(directiveEvidenceOf(directive), false);
      }
    },
    configure(next: IdentityConfig): void {
      config = next;
      sweep();
    },
  };
}

/** A picture as plain data without versions, which depend on arrival. */
export function plain(picture: Replay) {
  const profiles = [...picture.profiles.values()].map(({ version: _, ...rest }) => rest);
  profiles.sort((a, b) => compareText(a.id, b.id));
  const byKey = [...picture.profileByKey].sort(([a], [b]) => compareText(a, b));
  return { profiles, byKey, rejected: picture.rejected };
}
