import { count, el, make } from './dom.js';
import { ask, askForKey } from './session.js';

/** What runs, and how much there is. */
export async function showStatus() {
  const answer = await ask('/v1/status');
  if (answer.status === 401) return askForKey('That key is unknown.');
  const { ready, checks, counts } = await answer.json();
  showState(ready ? 'ready' : 'not ready', ready);
  el('checks').replaceChildren(...checks.map(checkLine));
  for (const [id, value] of [
    ['n-interactions', counts?.interactions],
    ['n-profiles', counts?.profiles],
    ['n-minute', counts?.lastMinute],
    ['n-failed', counts?.failed],
  ])
    el(id).textContent = value === undefined ? '–' : count(value);
}

export function showState(text, good) {
  el('state').textContent = text;
  el('state').className = `pill ${good ? 'good' : 'bad'}`;
}

function checkLine({ name, ok, detail }) {
  return make('li', ok ? '' : 'bad', ok ? name : `${name}: ${detail}`);
}
