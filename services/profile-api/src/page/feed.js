import { el, make, makeButton } from './dom.js';
import { showPerson } from './person.js';
import { ask, hasKey } from './session.js';

const LENGTH = 20;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };

let cursor = null;

/** What came in since the last time, on top. */
export async function showFeed() {
  if (!hasKey()) return;
  const query = cursor === null ? `limit=${LENGTH}` : `limit=200&after=${encodeURIComponent(cursor)}`;
  const answer = await ask(`/v1/interactions?${query}`);
  if (!answer.ok) return;
  const page = await answer.json();
  const fresh = cursor !== null;
  cursor = page.cursor;
  const feed = el('feed');
  for (const item of page.interactions.slice(-LENGTH)) feed.prepend(entry(item, fresh));
  while (feed.children.length > LENGTH) feed.lastElementChild.remove();
  el('feed-empty').hidden = feed.children.length > 0;
}

export function clearFeed() {
  cursor = null;
  el('feed').replaceChildren();
}

function entry(item, fresh) {
  const line = make('li', fresh ? 'new' : '');
  const money = item.amount === null ? '' : ` · ${Number(item.amount).toFixed(2)} ${item.currency ?? ''}`;
  line.append(
    make('span', 'channel', item.channel.replace('_', ' ')),
    make('span', 'event', `${item.name ?? item.type}${money}`),
    timeOf(item.receivedAt),
    personOf(item),
  );
  return line;
}

function timeOf(receivedAt) {
  const when = make('time', '', new Date(receivedAt).toLocaleTimeString([], CLOCK));
  when.dateTime = receivedAt;
  return when;
}

function personOf({ owner, identifiers, profileId }) {
  if (owner === null) return make('span', 'person', 'nobody known');
  const names = identifiers.map(({ type, value }) => `${type}:${value}`).join('  ');
  return makeButton('person', names, () => showPerson(profileId));
}
