import { type Call, type CallOptions, queryOf } from './call.ts';
import type { Tracker } from './tracker.ts';
import type {
  Card,
  Explanation,
  FoundProfile,
  FoundProfiles,
  Interaction,
  Order,
  Orders,
  OwnToken,
  Profile,
  ProfileBatch,
  ProfileIdentifiers,
  ProfileScores,
  ProfileTraits,
  Timeline,
} from './wire.ts';

/** Of every read of a person. */
export interface ReadOptions {
  /**
   * Wait until this was written: a position that `track` and its like gave, or `'mine'`: all that this client has said, which
   * is flushed first. Too late is `unavailable`.
   */
  readonly after?: string | 'mine' | undefined;
  /** How long that may take; Kenal's own default is 5, at most 30. */
  readonly waitSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions extends ReadOptions {
  /** What to show: `traits.email`, `computed.churn`, `identifiers` …; without it all that the key shows. */
  readonly fields?: readonly string[] | undefined;
  /** With source, time and history of each trait. */
  readonly details?: boolean | undefined;
}

export interface TraitsOptions extends ReadOptions {
  /** `held`: first and last word of each source as well; `full`: all that was ever said, a page of it. */
  readonly history?: 'held' | 'full' | undefined;
  readonly trait?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface TimelineOptions extends ReadOptions {
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly channel?: string | undefined;
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  /** Interactions of one page, each a call; default 50, at most 500. */
  readonly pageSize?: number | undefined;
}

export interface PagedOptions extends ReadOptions {
  /** Of one call. */
  readonly pageSize?: number | undefined;
}

export interface TokenOptions {
  readonly fields?: readonly string[] | undefined;
  /** Default 900, at most 3,600. */
  readonly seconds?: number | undefined;
}

/**
 * Who people are. A reference is `type:value` (`email:ann@example.com`) or any profile id that was ever issued.
 * All throw KenalApiError: `not_found` for nobody.
 */
export interface Profiles {
  get(ref: string, options?: GetOptions): Promise<Profile>;
  /** Any number of people; each has its profile, or why not, in the order that was asked for. */
  batch(refs: readonly string[], options?: Pick<GetOptions, 'fields' | 'signal'>): Promise<ProfileBatch['profiles']>;
  traits(ref: string, options?: TraitsOptions): Promise<ProfileTraits>;
  identifiers(ref: string, options?: ReadOptions): Promise<ProfileIdentifiers>;
  scores(ref: string, options?: ReadOptions): Promise<ProfileScores>;
  /** Newest first, page after page as far as somebody reads. */
  timeline(ref: string, options?: TimelineOptions): AsyncGenerator<Interaction, void, undefined>;
  /** What the person ordered, newest first, page after page as far as somebody reads. */
  orders(ref: string, options?: PagedOptions): AsyncGenerator<Order, void, undefined>;
  /** An order by its id, whoever ordered; with the source that knows it, where two know that id. */
  order(id: string, options?: ReadOptions & { readonly source?: string | undefined }): Promise<Order>;
  /** Why two references are one person, by which interactions, or why they are two. */
  explain(ref: string, other: string, options?: ReadOptions): Promise<Explanation>;
  /** Who is calling: name, consent, open cases, last contact, last order, what to offer. */
  card(ref: string, options?: ReadOptions): Promise<Card>;
  /** People by parts of name, e-mail, phone or id, page after page. */
  search(
    query: string,
    options?: { readonly pageSize?: number; readonly signal?: AbortSignal },
  ): AsyncGenerator<FoundProfile, void, undefined>;
  /** A token with which this person sees their own data at `/v1/profiles/me`. */
  token(ref: string, options?: TokenOptions): Promise<OwnToken>;
}

/** Of one call. */
const MOST_PROFILES = 500;

export interface ProfilesOptions {
  readonly call: Call;
  readonly authorization: Readonly<Record<string, string>>;
  readonly tracker: Pick<Tracker, 'flush' | 'position'>;
}

export function createProfiles({ call, authorization, tracker }: ProfilesOptions): Profiles {
  async function positionOf(after: ReadOptions['after']): Promise<string | null> {
    if (after !== 'mine') return after ?? null;
    await tracker.flush();
    return tracker.position();
  }

  async function read<T>(path: string, { after, waitSeconds, signal }: ReadOptions = {}): Promise<T> {
    const position = await positionOf(after);
    const headers = {
      ...authorization,
      ...(position === null ? {} : { 'x-kenal-position': position }),
      ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
    };
    return (await (await call(path, { headers, signal })).json()) as T;
  }

  async function post<T>(path: string, body: object, options: CallOptions = {}): Promise<T> {
    const headers = { ...authorization, 'content-type': 'application/json' };
    return (await (await call(path, { ...options, method: 'POST', headers, body: JSON.stringify(body) })).json()) as T;
  }

  async function* pages<Page extends { readonly cursor: string | null }, T>(
    path: string,
    query: Readonly<Record<string, unknown>>,
    options: ReadOptions,
    itemsOf: (page: Page) => readonly T[],
  ): AsyncGenerator<T, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: Page = await read(`${path}${queryOf({ ...query, cursor: cursor ?? undefined })}`, options);
      yield* itemsOf(page);
      cursor = page.cursor;
    } while (cursor !== null);
  }

  const of = (ref: string): string => `/v1/profiles/${encodeURIComponent(ref)}`;

  return {
    get: (ref, { fields, details, ...options } = {}) => read(`${of(ref)}${queryOf({ fields, details })}`, options),
    async batch(refs, { fields, signal } = {}) {
      const found: ProfileBatch['profiles'][number][] = [];
      for (let at = 0; at < refs.length; at += MOST_PROFILES) {
        const body = { profiles: refs.slice(at, at + MOST_PROFILES), fields };
        found.push(...(await post<ProfileBatch>('/v1/profiles/batch', body, { signal })).profiles);
      }
      return found;
    },
    traits: (ref, { history, trait, limit, cursor, ...options } = {}) =>
      read(
        `${of(ref)}/traits${queryOf({ history: history === 'held' ? 'true' : history, trait, limit, cursor })}`,
        options,
      ),
    identifiers: (ref, options) => read(`${of(ref)}/identifiers`, options),
    scores: (ref, options) => read(`${of(ref)}/scores`, options),
    timeline: (ref, { after, waitSeconds, signal, pageSize, ...query } = {}) =>
      pages(
        `${of(ref)}/timeline`,
        { ...query, limit: pageSize },
        { after, waitSeconds, signal },
        (page: Timeline) => page.interactions,
      ),
    orders: (ref, { pageSize, ...options } = {}) =>
      pages(`${of(ref)}/orders`, { limit: pageSize }, options, (page: Orders) => page.orders),
    order: (id, { source, ...options } = {}) =>
      read(`/v1/orders/${encodeURIComponent(id)}${queryOf({ source })}`, options),
    explain: (ref, other, options) => read(`${of(ref)}/explain${queryOf({ other })}`, options),
    card: (ref, options) => read(`${of(ref)}/card`, options),
    search: (query, { pageSize, signal } = {}) =>
      pages('/v1/profiles', { query, limit: pageSize }, { signal }, (page: FoundProfiles) => page.profiles),
    token: (ref, options = {}) => post(`${of(ref)}/token`, options),
  };
}
