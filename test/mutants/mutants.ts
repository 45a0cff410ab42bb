/** One fault: a piece of the source, and what stands in its place. */
export interface Mutant {
  readonly name: string;
  /** Below `packages/identity/src`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Test files that find it, below the same folder. */
  readonly tests: readonly string[];
}

const CASES = 'cases.unit.test.ts';
const CLUSTER = 'cluster/cluster.unit.test.ts';
const DIRECTIVES = 'directives.property.unit.test.ts';
const STORAGE = 'storage.property.unit.test.ts';
const IDENTITY = 'identity.property.unit.test.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'links join in the order in which they came',
    file: 'cluster/agglomerate.ts',
    from: 'joining.sort((x, y) => compareLinks(x, y, rules));',
    to: '',
    tests: [IDENTITY],
  },
  {
    name: 'the first time that was written stays the first time',
    file: 'evidence/span.ts',
    from: 'return { first: compareStamps(a.first, b.first) <= 0 ? a.first : b.first, last: late >= 0 ? a.last : b.last };',
    to: 'return { first: a.first, last: late >= 0 ? a.last : b.last };',
    tests: [IDENTITY],
  },
  {
    name: 'of a profile that lost an identifier nothing is published',
    file: 'decide/diff.ts',
    from: 'const sameMembers = moved.length === 0 && sizes.get(profileId) === members.length;',
    to: 'const sameMembers = moved.length === 0;',
    tests: [IDENTITY],
  },
  {
    name: 'a hub is counted by meetings, not by people',
    file: 'cluster/hubs.ts',
    from: 'for (const { a, b } of links.values()) {',
    to: 'for (const { a, b } of [...links.values()].flatMap((link) => (link.first < link.last ? [link, link] : [link]))) {',
    tests: [CASES],
  },
  {
    name: 'revoking one source drops what others said as well',
    file: 'evidence/decode.ts',
    from: "revokedSources.size === 0 || !revokedSources.has(sourceOf(field) ?? '')",
    to: 'revokedSources.size === 0',
    tests: [CASES],
  },
  {
    name: 'a cannot is forgotten when its clusters grow',
    file: 'cluster/clusters.ts',
    from: 'if (moved !== undefined) push(of, big, moved);',
    to: 'if (moved !== undefined) push(of, small, []);',
    tests: [DIRECTIVES, STORAGE],
  },
  {
    name: 'the anchor is the member that was seen last',
    file: 'cluster/partition.ts',
    from: 'if (member.first < anchor.first) anchor = member;',
    to: 'if (member.last > anchor.last) anchor = member;',
    tests: ['identity.unit.test.ts'],
  },
  {
    name: 'a parked leaf is forgotten when it turns up elsewhere',
    file: 'decide/draft.ts',
    from: 'if (leaf !== undefined) leaves.set(key, leaf);',
    to: 'if (leaf === undefined) continue;',
    tests: [STORAGE],
  },
  {
    name: 'nobody takes the place of a leaf that went away',
    file: 'decide/slots.ts',
    from: 'if (component.shelves.size === 0) return open;',
    to: 'return open;',
    tests: [CASES],
  },
  {
    name: 'a hub that is none any more brings back only the head of its shelf',
    file: 'decide/hub-again.ts',
    from: '  if (shelf.entries.length < shelf.size) {',
    to: '  if (shelf.entries.length < 1) {',
    tests: [CASES],
  },
  {
    name: 'a link to a hub tells when the hub was seen',
    file: 'evidence/sight.ts',
    from: 'const nobodys = isVoid(link, hubs, decided);',
    to: 'const nobodys = false as boolean;',
    tests: [DIRECTIVES],
  },
  {
    name: 'a must counts like a link that was seen',
    file: 'cluster/rank.ts',
    from: 'must: 0, deterministic: 1,',
    to: 'must: 1, deterministic: 1,',
    tests: [CLUSTER, STORAGE],
  },
  {
    name: 'who relies on a hub does not say so',
    file: 'decide/storage.ts',
    from: 'if (elsewhere.has(hub) && reliance !== null) unchanged.push(reliance);',
    to: 'if (reliance === null) return;',
    tests: [CASES],
  },
  {
    name: 'who frees a hub does not say what was on its shelf',
    file: 'decide/commit.ts',
    from: '...(freed.length === 0',
    to: '...(freed.length >= 0',
    tests: [CASES],
  },
  {
    name: 'a limit that is broken already lets nobody in',
    file: 'cluster/clusters.ts',
    from: 'if (one + other > limits[k]! && one > 0 && other > 0) return kinds[k]!;',
    to: 'if (one + other > limits[k]!) return kinds[k]!;',
    tests: [CLUSTER],
  },
  {
    name: 'pairs that no model has scored say nothing',
    file: 'cluster/clusters.ts',
    from: 'const UNSCORED = -1;',
    to: 'const UNSCORED = 0;',
    tests: [CLUSTER],
  },
  {
    name: 'an erasure leaves the links of neighbours',
    file: 'decide/erase.ts',
    from: "return (kind === 'l' || kind === 'd' || kind === 'w' || kind === 'x') && keys.has(partOf(field, 2));",
    to: 'return false;',
    tests: [STORAGE],
  },
];
