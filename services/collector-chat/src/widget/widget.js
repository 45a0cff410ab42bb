// Served inside a function of its own (script.ts): <script async src="https://events.example.com/v1/widget.js" data-write-key="…" data-title="Chat"></script>
const { src, dataset } = document.currentScript;
const { writeKey, title = 'Chat with us' } = dataset;
const url = `${src.replace(/^http/, 'ws').replace(/widget\.js.*$/, 'stream')}?writeKey=${encodeURIComponent(writeKey)}`;

// Storage may be closed to us; then it lasts as long as the page
const memory = {};
const load = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory[key];
  }
};
const save = (key, value) => {
  memory[key] = value;
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {}
};
// Pages without https have no randomUUID
const uuid = () =>
  crypto.randomUUID?.() ??
  crypto.getRandomValues(new Uint8Array(16)).reduce((id, byte) => id + (byte + 256).toString(16).slice(1), '');
// The ids of the tracking client on this page: "…" in local storage, as it stands in a cookie
const known = (name) => {
  try {
    const found = document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1] ?? load(name) ?? '';
    const text = decodeURIComponent(found).replace(/^"|"$/g, '');
    return text === 'null' ? '' : text;
  } catch {
    return '';
  }
};
const person = () => {
  let anonymousId = known('ajs_anonymous_id') || known('__eventn_id');
  if (!anonymousId) {
    anonymousId = uuid();
    save('ajs_anonymous_id', JSON.stringify(anonymousId));
  }
  return { anonymousId, userId: known('ajs_user_id') || undefined };
};

const KEY = `kenal_chat_${writeKey.slice(0, 8)}`;
let state = { id: '', said: [] };
// Each message that waits for its acknowledgement has a place of its own, so that no tab overwrites another's
let queue = [];
try {
  state = { ...state, ...JSON.parse(load(KEY)) };
  queue = Object.keys(localStorage)
    .filter((key) => key.startsWith(`${KEY}.`))
    .map((key) => JSON.parse(load(key)))
    .sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
} catch {}
const keep = () => save(KEY, JSON.stringify(state));

let socket;
let tries = 0;
let timer;
const later = (action) => {
  clearTimeout(timer);
  timer = setTimeout(action, Math.random() * Math.min(30_000, 500 * 2 ** tries++));
};
const transmit = (frame) => {
  if (socket?.readyState === 1) socket.send(JSON.stringify({ ...frame, sentAt: new Date().toISOString() }));
};
const greet = () => state.id && transmit({ type: 'hello', conversationId: state.id, ...person() });
const flush = () => {
  greet();
  queue.forEach(transmit);
};
const connect = () => {
  if (socket?.readyState < 2) return;
  socket = new WebSocket(url);
  socket.onopen = () => {
    flush();
    tell('');
  };
  socket.onmessage = ({ data }) => {
    const told = JSON.parse(data);
    if (told.type === 'reply') return say(told.agent?.name || 'Agent', told.text, told.messageId);
    if (told.ok) tries = 0;
    else if (told.retry) return later(flush);
    else if (told.messageId) tell(`Not sent: ${told.reason}`);
    queue = queue.filter(({ messageId }) => messageId !== told.messageId);
    save(`${KEY}.${told.messageId}`);
  };
  socket.onclose = ({ code }) => {
    if (code === 1008) return tell('Chat is not available.');
    tell('Connecting …');
    later(connect);
  };
};
const send = (frame) => {
  const whole = { messageId: uuid(), timestamp: new Date().toISOString(), ...person(), ...frame };
  queue.push(whole);
  save(`${KEY}.${whole.messageId}`, JSON.stringify(whole));
  transmit(whole);
  connect();
};
const talk = (type, more) =>
  send({ type, conversationId: state.id, page: { url: location.href, title: document.title }, ...more });

const make = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const log = make('div', { id: 'log', role: 'log', tabIndex: 0, ariaLabel: 'Messages' });
const status = make('div', { role: 'status' });
const input = make('textarea', { ariaLabel: 'Your message' });
const form = make('form', {}, input, make('button', { textContent: 'Send' }));
const leave = make('button', { type: 'button', textContent: 'End chat', onclick: () => api.end() });
const panel = make(
  'section',
  { id: 'panel', role: 'dialog', ariaLabel: title, hidden: true },
  log,
  status,
  form,
  leave,
);
const toggle = make('button', { type: 'button', textContent: title, ariaExpanded: 'false' });
toggle.setAttribute('aria-controls', 'panel');
const style = new CSSStyleSheet();
style.replaceSync(
  ':host{position:fixed;right:16px;bottom:16px;z-index:2147483000;font:16px/1.4 system-ui,sans-serif;color:#111}' +
    'section{width:min(320px,90vw);padding:12px;margin-bottom:8px;background:#fff;border:1px solid #767676;border-radius:8px}' +
    '#log{height:240px;overflow:auto;overflow-wrap:anywhere;white-space:pre-wrap}textarea{width:95%;font:inherit}' +
    'button{font:inherit;padding:8px 12px;border:0;border-radius:8px;background:#1a4fba;color:#fff}:focus-visible{outline:3px solid #f5a623}',
);
const host = make('div', { id: 'kenal-chat' });
const root = host.attachShadow({ mode: 'open' });
root.adoptedStyleSheets = [style];
root.append(panel, toggle);

const tell = (text) => {
  status.textContent = text;
};
const show = ([who, text]) => {
  log.append(make('div', {}, make('b', { textContent: `${who}: ` }), text));
  log.scrollTop = log.scrollHeight;
};
const say = (who, text, id) => {
  if (state.said.some(([, , other]) => other === id)) return;
  state.said = [...state.said, [who, text, id]].slice(-50);
  keep();
  show(state.said.at(-1));
};

const api = {
  open() {
    panel.hidden = false;
    toggle.ariaExpanded = 'true';
    connect();
    input.focus();
  },
  close() {
    panel.hidden = true;
    toggle.ariaExpanded = 'false';
    toggle.focus();
  },
  send(text) {
    if (!state.id) {
      state.id = uuid();
      greet();
      talk('start');
    }
    const messageId = uuid();
    say('You', text, messageId);
    talk('message', { messageId, text });
  },
  identify: (userId, traits) => send({ type: 'identify', userId, traits }),
  end() {
    if (state.id) talk('end');
    state.id = '';
    state.said = [];
    log.replaceChildren();
    keep();
    api.close();
  },
};
form.onsubmit = (event) => {
  event.preventDefault();
  if (input.value.trim()) api.send(input.value.trim());
  input.value = '';
};
input.onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
};
panel.onkeydown = ({ key }) => key === 'Escape' && api.close();
toggle.onclick = () => (panel.hidden ? api.open() : api.close());
state.said.forEach(show);
const begin = () => {
  document.body.append(host);
  if (state.id || queue.length) connect();
};
if (document.body) begin();
else addEventListener('DOMContentLoaded', begin);
window.kenalChat = api;
