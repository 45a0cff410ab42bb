import type { IdentifierKey, Micros, ParkedLeaf } from '@kenal/contracts';
import type { RejectedLink } from '../cluster/agglomerate.ts';
import { partition } from '../cluster/partition.ts';
import { type Component, type Fields, LINK_CLASSES, type LinkClass } from '../evidence/component.ts';
import { decodeComponent, endsOf } from '../evidence/decode.ts';
import { EVIDENCE, partOf, sourceOf } from '../evidence/fields.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import { mergeSightings, type Span } from '../evidence/span.ts';
import type { IdentityRules } from '../rules.ts';

interface EventStamp {
  readonly at: Micros;
  /** Of a decision: of its directive. */
  readonly messageId: string;
}

/** A link between two identifiers and what it is made of. */
export interface ExplainedLink {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly class: LinkClass;
  /** `link`: they came in one interaction; `must`: somebody decided so; `linkage`: a model finds it likely. */
  readonly rule: 'link' | 'must' | 'linkage';
  readonly first: EventStamp;
  readonly last: EventStamp;
  /** Of a deterministic link. */
  readonly sources: readonly string[];
  /** Of a probabilistic link: log2 of the odds, and its waterfall as JSON; else null and ''. */
  readonly weight: number | null;
  readonly detail: string;
}

/** A link that joined nobody. */
export interface ExplainedRejection extends ExplainedLink {
  readonly reason: string;
}

export interface Explanation {
  readonly isOnePerson: boolean;
  /** Shortest way of accepted links from the one to the other; each has the end first that is nearer to the one. */
  readonly path: readonly ExplainedLink[];
  /** Where they are two: what stands between them and joined not, else what stands around the one or the other. */
  readonly rejected: readonly ExplainedRejection[];
}

/** What is stored of two identifiers: the components of both, and where they are parked leaves. */
export interface ExplainInput {
  readonly components: readonly Fields[];
  readonly parked?: ReadonlyMap<IdentifierKey, ParkedLeaf>;
}

const MOST_REJECTED = 100;

/** Why two identifiers are one person, or two. What is unknown is nobody; nothing is thrown. */
export function explain(
  { components, parked = new Map() }: ExplainInput,
  rules: IdentityRules,
  one: IdentifierKey,
  other: IdentifierKey,
): Explanation {
  const layers = [...components, ...Array.from(parked, ([leaf, { centre, text }]) => decodeLeaf(centre, leaf, text))];
  const component = decodeComponent(layers, rules);
  const { rejected } = partition(component, rules);
  const describe = createDescriber(layers, component, rules);
  const links = acceptedLinks(component, rejected);
  const path = pathBetween(links, one, other);
  if (path !== null) return { isOnePerson: true, path: path.map(describe), rejected: [] };
  const [mine, theirs] = [reach(links, one), reach(links, other)];
  const between = rejected.filter(({ a, b }) => (mine.has(a) && theirs.has(b)) || (mine.has(b) && theirs.has(a)));
  const around = rejected.filter(({ a, b }) => mine.has(a) || mine.has(b) || theirs.has(a) || theirs.has(b));
  const shown = (between.length > 0 ? between : around).filter(describe.knows).slice(0, MOST_REJECTED);
  return {
    ...{ isOnePerson: false, path: [] },
    rejected: shown.map((link) => ({ ...describe(link), reason: link.reason })),
  };
}

type Ends = Pick<RejectedLink, 'a' | 'b' | 'class'>;

/** All links that count and that were not rejected, from each of their ends. */
function acceptedLinks(component: Component, rejected: readonly RejectedLink[]): Map<IdentifierKey, Ends[]> {
  const refused = new Set(rejected.map(({ a, b }) => endsOf(a, b)));
  const accepted = new Map<IdentifierKey, Ends[]>();
  const put = (a: IdentifierKey, b: IdentifierKey, of: LinkClass): void => {
    if (refused.has(endsOf(a, b))) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const links = accepted.get(from) ?? [];
      accepted.set(from, links);
      links.push({ a: from, b: to, class: of });
    }
  };
  for (const { a, b, verb } of component.decided.values()) if (verb === 'must') put(a, b, LINK_CLASSES.must);
  for (const { a, b } of component.links.values()) put(a, b, LINK_CLASSES.deterministic);
  const { sighted } = component;
  for (const { a, b } of component.scored.values())
    if (sighted.has(a) && sighted.has(b)) put(a, b, LINK_CLASSES.probabilistic);
  return accepted;
}

/** Breadth first. @returns null where there is no way, or one of them is unknown */
function pathBetween(
  links: ReadonlyMap<IdentifierKey, readonly Ends[]>,
  one: IdentifierKey,
  other: IdentifierKey,
): Ends[] | null {
  const cameBy = new Map<IdentifierKey, Ends | null>([[one, null]]);
  const queue = [one];
  for (const from of queue) {
    if (from === other) break;
    for (const link of links.get(from) ?? []) {
      if (cameBy.has(link.b)) continue;
      cameBy.set(link.b, link);
      queue.push(link.b);
    }
  }
  if (!cameBy.has(other)) return null;
  const path: Ends[] = [];
  for (let link = cameBy.get(other) ?? null; link !== null; link = cameBy.get(link.a) ?? null) path.unshift(link);
  return path;
}

function reach(links: ReadonlyMap<IdentifierKey, readonly Ends[]>, from: IdentifierKey): Set<IdentifierKey> {
  const reached = new Set([from]);
  for (const key of reached) for (const { b } of links.get(key) ?? []) reached.add(b);
  return reached;
}

/** Looks up what a link is made of. */
function createDescriber(layers: readonly Fields[], component: Component, { revokedSources }: IdentityRules) {
  const spans = new Map<string, { span: Span; sources: string[] }>();
  for (const layer of layers) {
    for (const [field, text] of layer) {
      const source = field[0] === 'l' ? (sourceOf(field) ?? '') : '';
      if (field[0] !== 'l' || revokedSources.has(source)) continue;
      const ends = endsOf(partOf(field, 1), partOf(field, 2));
      const known = spans.get(ends);
      const span = EVIDENCE.l.decode(text);
      if (known === undefined) spans.set(ends, { span, sources: [source] });
      else spans.set(ends, { span: mergeSightings(known.span, span), sources: [...known.sources, source] });
    }
  }
  const nameOf = ({ a, b }: Ends): string => (a < b ? endsOf(a, b) : endsOf(b, a));
  /** Whether anything of it was seen that is not revoked. */
  const knows = (link: Ends): boolean => link.class !== LINK_CLASSES.deterministic || spans.has(nameOf(link));

  function describe({ a, b, class: of }: Ends): ExplainedLink {
    const ends = nameOf({ a, b, class: of });
    if (of === LINK_CLASSES.deterministic) {
      const { span, sources } = spans.get(ends)!;
      const [first, last] = [span.first, span.last].map(({ at, id }) => ({ at, messageId: id }));
      return { a, b, class: of, rule: 'link', first: first!, last: last!, sources, weight: null, detail: '' };
    }
    const scored = component.scored.get(ends);
    const said = of === LINK_CLASSES.must ? component.decided.get(ends)! : scored!;
    const stamp = { at: said.issuedAt, messageId: said.directive };
    const about =
      of === LINK_CLASSES.must ? { weight: null, detail: '' } : { weight: scored!.weight, detail: scored!.detail };
    return {
      a,
      b,
      class: of,
      rule: of === LINK_CLASSES.must ? 'must' : 'linkage',
      first: stamp,
      last: stamp,
      sources: [],
      ...about,
    };
  }
  return Object.assign(describe, { knows });
}
