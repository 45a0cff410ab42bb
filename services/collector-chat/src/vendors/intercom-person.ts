import type { Person } from './chat-event.ts';

/** @param app id of the workspace: ids of people repeat between them @param external id that the organisation gave */
export function personOf(app: string, id: string | null, external: string | null): Person {
  return { userId: external, identifiers: id === null ? [] : [{ type: 'intercom_id', value: `${app}/${id}` }] };
}
