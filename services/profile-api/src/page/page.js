// The start page: no build, no library. Everything from outside is written as text, never as markup.

const given = JSON.parse(document.querySelector('meta[name=kenal]').content);
let key = given.readKey;

const QUESTIONS = [
  [
    'Busiest channels',
    'SELECT channel, count() AS interactions, uniqExact(profile_id) AS people\nFROM interactions\nGROUP BY channel\nORDER BY interactions DESC',
  ],
  [
    'Best customers',
    "SELECT any(coalesce(p.traits.name.:String, tupleElement(p.identifiers[1], 'value'))) AS customer,\n  sum(o.net) AS net, count() AS orders, any(p.interactions) AS interactions\nFROM orders AS o\nINNER JOIN profiles AS p ON p.profile_id = o.profile_id\nWHERE o.status != 'cancelled'\nGROUP BY p.profile_id\nORDER BY net DESC\nLIMIT 10",
  ],
  [
    'People known by most identifiers',
    "SELECT profile_id, count() AS identifiers,\n  arrayStringConcat(groupArray(4)(concat(type, ':', value)), '  ') AS some\nFROM profile_identifiers\nGROUP BY profile_id\nORDER BY identifiers DESC\nLIMIT 10",
  ],
  [
    'Is anything lost?',
    'SELECT source, sum(received) AS received, sum(stored) AS stored,\n  sum(duplicate) AS duplicate, sum(failed) AS failed,\n  sum(pending) AS pending, sum(difference) AS difference\nFROM balance\nGROUP BY source',
  ],
];

const FEED_LENGTH = 40;
const el = (id) => document.getElementById(id);
const number = new Intl.NumberFormat();

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

async function ask(path, options = {}) {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  return fetch(path, { ...options, headers: { ...headers, ...options.headers }, cache: 'no-store' });
}

// What runs and how much there is

async function showStatus() {
  const answer = await ask('/v1/status');
  if (answer.status === 401) return askForKey('That key is unknown.');
  const { ready, checks, counts } = await answer.json();
  el('state').textContent = ready ? 'ready' : 'not ready';
  el('state').className = `pill ${ready ? 'good' : 'bad'}`;
  el('checks').replaceChildren(
    ...checks.map(({ name, ok, detail }) => make('li', ok ? '' : 'bad', ok ? name : `${name}: ${detail}`)),
  );
  for (const [id, value] of [
    ['n-interactions', counts?.interactions],
    ['n-profiles', counts?.profiles],
    ['n-minute', counts?.lastMinute],
    ['n-failed', counts?.failed],
  ])
    el(id).textContent = value === undefined ? '–' : number.format(value);
}

function askForKey(note) {
  key = null;
  el('key').hidden = false;
  if (note) el('key').querySelector('p').textContent = note;
}

// What came in last

let cursor = null;

async function showFeed() {
  if (!key) return;
  const query = cursor === null ? `limit=${FEED_LENGTH}` : `limit=200&after=${encodeURIComponent(cursor)}`;
  const answer = await ask(`/v1/interactions?${query}`);
  if (!answer.ok) return;
  const page = await answer.json();
  const fresh = cursor !== null;
  cursor = page.cursor;
  const feed = el('feed');
  for (const item of page.interactions.slice(-FEED_LENGTH)) feed.prepend(entry(item, fresh));
  while (feed.children.length > FEED_LENGTH) feed.lastElementChild.remove();
  el('feed-empty').hidden = feed.children.length > 0;
}

function entry(item, fresh) {
  const line = make('li', fresh ? 'new' : '');
  const what = item.name ?? item.type;
  const money = item.amount === null ? '' : ` · ${Number(item.amount).toFixed(2)} ${item.currency ?? ''}`;
  const when = make('time', '', new Date(item.receivedAt).toLocaleTimeString());
  when.dateTime = item.receivedAt;
  line.append(make('span', 'channel', item.channel), make('span', 'event', `${what}${money}`), when);
  if (item.owner === null) line.append(make('span', 'person', 'nobody known'));
  else {
    const person = make('button', 'person', item.identifiers.map(({ type, value }) => `${type}:${value}`).join('  '));
    person.type = 'button';
    person.addEventListener('click', () => showPerson(item.profileId));
    line.append(person);
  }
  return line;
}

async function showPerson(id) {
  const answer = await ask(`/v1/profiles/${encodeURIComponent(id)}`);
  if (!answer.ok) return;
  const { traits, identifiers, firstSeen, lastSeen, id: today } = await answer.json();
  const name = traits.name ?? [traits.firstName, traits.lastName].filter(Boolean).join(' ');
  el('person-name').textContent = name || identifiers[0]?.value || 'Somebody';
  const day = (time) => new Date(time).toLocaleDateString();
  el('person-id').textContent = `${today} · seen ${day(firstSeen)} to ${day(lastSeen)}`;
  const rows = Object.entries(traits).flatMap(([trait, value]) => [
    make('dt', '', trait),
    make('dd', '', typeof value === 'object' ? JSON.stringify(value) : String(value)),
  ]);
  el('person-traits').replaceChildren(...rows);
  el('person-identifiers').replaceChildren(...identifiers.map((i) => make('li', '', `${i.type}:${i.value}`)));
  el('person-card').hidden = false;
}

// What to try

function showCurl() {
  const event = { userId: 'u-1', event: 'Product Viewed', properties: { name: 'Teapot', price: 39.9 } };
  el('curl').textContent = [
    `curl ${location.origin}/v1/track \\`,
    `  -u ${given.writeKey ?? '<write key>'}: \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${JSON.stringify(event)}'`,
  ].join('\n');
  el('copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(el('curl').textContent);
    el('copy').textContent = 'Copied';
    setTimeout(() => {
      el('copy').textContent = 'Copy';
    }, 1_500);
  });
}

function showQuestions() {
  const buttons = QUESTIONS.map(([label, sql]) => {
    const button = make('button', '', label);
    button.type = 'button';
    button.addEventListener('click', () => {
      el('sql-text').value = sql;
      runSql();
    });
    return button;
  });
  el('questions').replaceChildren(...buttons);
  el('sql-text').value = QUESTIONS[0][1];
  el('sql').addEventListener('submit', (event) => {
    event.preventDefault();
    runSql();
  });
  el('sql-text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) runSql();
  });
}

async function runSql() {
  el('sql-note').textContent = 'running …';
  const began = performance.now();
  const answer = await ask('/v1/sql?default_format=JSONCompact', { method: 'POST', body: el('sql-text').value });
  const text = await answer.text();
  const took = `${Math.round(performance.now() - began)} ms`;
  if (!answer.ok) {
    el('sql-note').textContent = text.trim();
    el('sql-result').replaceChildren();
    return;
  }
  if (answer.headers.get('x-clickhouse-format') !== 'JSONCompact') {
    el('sql-note').textContent = took;
    el('sql-result').replaceChildren(tableRow('td', [text], []));
    return;
  }
  const { meta, data } = JSON.parse(text);
  const numeric = meta.map(({ type }) => /Int|Float|Decimal/.test(type));
  el('sql-note').textContent = `${number.format(data.length)} rows, ${took}`;
  el('sql-result').replaceChildren(
    tableRow(
      'th',
      meta.map(({ name }) => name),
      numeric,
    ),
    ...data.slice(0, 500).map((row) => tableRow('td', row, numeric)),
  );
}

function tableRow(tag, cells, numeric) {
  const row = document.createElement('tr');
  for (const [i, cell] of cells.entries()) {
    const text = cell === null ? 'NULL' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
    row.append(make(tag, numeric[i] ? 'number' : '', text));
  }
  return row;
}

// One after the other, so a slow answer is never asked again before it came
function repeat(task, pause) {
  const again = async () => {
    if (!document.hidden) {
      await task().catch(() => {
        el('state').textContent = 'no answer';
        el('state').className = 'pill bad';
      });
    }
    setTimeout(again, pause);
  };
  again();
}

el('key').addEventListener('submit', (event) => {
  event.preventDefault();
  key = el('key-input').value.trim() || null;
  el('key').hidden = key !== null;
  cursor = null;
  el('feed').replaceChildren();
});
if (!key) askForKey();
showCurl();
showQuestions();
repeat(showStatus, 2_000);
repeat(showFeed, 1_000);
