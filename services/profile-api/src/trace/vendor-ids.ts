import { ID_PREFIXES, ID_SEPARATORS, type SourceConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

/** What names an event in its workspace. */
export interface EventName {
  readonly source: string;
  readonly messageId: string;
}

/** A source as far as its ids go. */
export type TracedSource = Pick<SourceConfig, 'id'> & Partial<Pick<SourceConfig, 'kind'>>;

/** Of one id, more say nothing. */
export const MOST_EVENTS = 100;

/**
 * Events that the vendor, or the sender of a mail, knows by this id, which is a part of ours (`ID_PREFIXES`,
 * `ID_SEPARATORS`); at most `MOST_EVENTS` and one. Of stored ones it reads some ranges of the primary key (workspace,
 * source, message id) of each source; of failed ones all of the workspace, as their view does for any question.
 */
export async function findByVendorId(
  warehouse: Warehouse,
  workspace: string,
  asked: string,
  sources: readonly TracedSource[],
): Promise<readonly EventName[]> {
  const id = asked.replace(/^<(.*)>$/s, '$1'); // <m1@x.example>, as mail programs show it
  const params: Record<string, unknown> = {};
  const places = [{ prefix: '', of: sources }, ...prefixesOf(sources)].map(({ prefix, of }, place) => {
    params[`sources${place}`] = of.map((source) => source.id);
    params[`id${place}`] = prefix + id;
    const whole = `message_id = {id${place}:String}`;
    const begun = ID_SEPARATORS.map((separator, n) => {
      params[`start${place}_${n}`] = prefix + id + separator;
      return `startsWith(message_id, {start${place}_${n}:String})`;
    });
    return `(source IN {sources${place}:Array(String)} AND (${[whole, ...begun].join(' OR ')}))`;
  });
  const select = (table: string): string =>
    `SELECT source, message_id AS messageId FROM kenal.${table} WHERE ${places.join(' OR ')} LIMIT ${MOST_EVENTS + 1}`;
  const found = await Promise.all(
    ['interactions', 'failed_events'].map((table) => warehouse.query<EventName>(select(table), { workspace, params })),
  );
  const byName = new Map(found.flat().map((event) => [`${event.source} ${event.messageId}`, event]));
  return [...byName.keys()].sort().map((name) => byName.get(name) as EventName);
}

function prefixesOf(sources: readonly TracedSource[]) {
  return Object.entries(ID_PREFIXES).flatMap(([kind, prefixes]) => {
    const of = sources.filter((source) => source.kind === kind);
    return of.length === 0 ? [] : prefixes.map((prefix) => ({ prefix, of }));
  });
}
