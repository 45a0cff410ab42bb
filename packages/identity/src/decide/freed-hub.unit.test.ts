import { expect, test } from 'vitest';
import { directiveEvidenceOf } from '../evidence/directive-evidence.ts';
import { directive, interaction, pair } from '../test-support.ts';
import { createWorld } from '../testing/world.ts';
import { decideInParts } from './decide.ts';
import { joinWants, type Wants } from './wants.ts';

const HUB = 'email:busy@x.de';
const NEIGHBOURS = 3_000;
/** Over all fields, at the least. */
const PASSES = 5;
const MOST_FIELDS_A_PART = 2_500;

/** An address that one person too many has, and with which thousands of browsers came that are somebody without it. */
function worldWithHub() {
  const world = createWorld({ types: [], limits: { anonymous_id: NEIGHBOURS, user_id: 9 }, blocked: [] });
  world.take(['a', 'b', 'c', 'd'].map((name, i) => interaction(`user_id:${name} ${HUB}`, { clientAt: i })));
  const events = Array.from({ length: NEIGHBOURS }, (_, n) => [
    interaction(`anonymous_id:n${n}`, { clientAt: n }),
    interaction(`anonymous_id:n${n} ${HUB}`, { clientAt: n }),
  ]);
  world.take(events.flat());
  return world;
}

test('a hub that a decision frees is decided with its thousands of neighbours in short parts, and each field is looked up a few times', () => {
  const { memory, rules } = worldWithHub();
  let [fields, lookups] = [0, 0];
  for (const component of memory.components.values()) {
    fields += component.fields.size;
    component.fields = new (class extends Map<string, string> {
      override get(field: string): string | undefined {
        lookups += 1;
        return super.get(field);
      }
    })(component.fields);
  }
  const evidence = directiveEvidenceOf(directive({ kind: 'revoke', pairs: [pair('revoke', HUB, 'user_id:d')] }));
  let wanted: Wants = { shelves: [], identifiers: [] };
  let ids = 0;
  const newComponent = (): string => `new${ids++}`;
  for (;;) {
    const asked = new Set(wanted.identifiers);
    const loaded = { ...memory.load([...evidence[0]!.keys, ...asked], wanted.shelves), asked };
    const work = decideInParts({ rules, now: 1, newComponent, loaded, evidence });
    let pauses = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) pauses += 1;
    const { commits, wants } = step.value;
    if (wants !== null) {
      wanted = joinWants([wanted, wants]);
      continue;
    }
    expect(commits[0]?.commit.absorb.length).toBeGreaterThan(NEIGHBOURS);
    expect(pauses).toBeGreaterThan((PASSES * fields) / MOST_FIELDS_A_PART);
    expect(lookups).toBeLessThan(10 * fields);
    return;
  }
});
