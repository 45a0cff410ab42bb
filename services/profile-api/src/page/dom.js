// Everything from outside is written as text, never as markup.

export const el = (id) => document.getElementById(id);

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A button that looks as `className` says. */
export function makeButton(className, text, onClick) {
  const button = make('button', className, text);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

const number = new Intl.NumberFormat();
/** 12400 → `12,400`, as the reader's language writes it */
export const count = (value) => number.format(value);

/** `{street: 'Birch 1', city: 'Ulm'}` → `Birch 1, Ulm`; what lies deeper as JSON */
export function valueText(value) {
  if (value === null || typeof value !== 'object') return String(value);
  const parts = Object.values(value);
  return parts.every((part) => typeof part !== 'object') ? parts.join(', ') : JSON.stringify(value);
}
