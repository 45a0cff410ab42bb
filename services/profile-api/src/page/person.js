import { el, make, valueText } from './dom.js';
import { ask } from './session.js';

const day = (time) => new Date(time).toLocaleDateString();

/** Open one person's card. @param id of the profile */
export async function showPerson(id) {
  const answer = await ask(`/v1/profiles/${encodeURIComponent(id)}`);
  if (!answer.ok) return;
  const { traits, identifiers, firstSeen, lastSeen, id: today } = await answer.json();
  const name = traits.name ?? [traits.firstName, traits.lastName].filter(Boolean).join(' ');
  el('person-name').textContent = name || identifiers[0]?.value || 'Somebody';
  el('person-id').textContent = `${today} · seen ${day(firstSeen)} to ${day(lastSeen)}`;
  el('person-traits').replaceChildren(...Object.entries(traits).flatMap(traitRow));
  el('person-identifiers').replaceChildren(...identifiers.map((i) => make('li', '', `${i.type}:${i.value}`)));
  const card = el('person-card');
  card.hidden = false;
  // On a narrow screen it opens below what was touched
  card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}

export function closePerson() {
  el('person-card').hidden = true;
}

function traitRow([trait, value]) {
  return [make('dt', '', trait), make('dd', '', valueText(value))];
}
