import { el } from './dom.js';
import { given } from './session.js';

const EVENT = { userId: 'u-1', event: 'Product Viewed', properties: { name: 'Teapot', price: 39.9 } };
const SHOWN_MS = 1_500;

/** A line to send an event with. */
export function showCurl() {
  el('curl').textContent = [
    `curl ${location.origin}/v1/track \\`,
    `  -u ${given.writeKey ?? '<write key>'}: \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${JSON.stringify(EVENT)}'`,
  ].join('\n');
  el('copy').addEventListener('click', copyCurl);
}

async function copyCurl() {
  const copied = await copy(el('curl'));
  el('copy').textContent = copied ? 'Copied' : 'Selected: copy it';
  setTimeout(() => {
    el('copy').textContent = 'Copy';
  }, SHOWN_MS);
}

// A page that came over plain HTTP from another machine has no clipboard: then the text is selected at least.
async function copy(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return false;
  }
}
