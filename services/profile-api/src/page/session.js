import { el } from './dom.js';

/** Keys of a development workspace, for a person at this machine; null elsewhere. */
export const given = JSON.parse(document.querySelector('meta[name=kenal]').content);

let key = given.readKey;
export const hasKey = () => Boolean(key);

/** A request of the reader whose key is known in this tab. */
export function ask(path, options = {}) {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  return fetch(path, { ...options, headers: { ...headers, ...options.headers }, cache: 'no-store' });
}

export function askForKey(note) {
  key = null;
  el('key').hidden = false;
  if (note) el('key').querySelector('p').textContent = note;
}

/** @param onKey told when somebody gave another key */
export function takeKey(onKey) {
  el('key').addEventListener('submit', (event) => {
    event.preventDefault();
    key = el('key-input').value.trim() || null;
    el('key').hidden = key !== null;
    onKey();
  });
  if (!key) askForKey();
}
