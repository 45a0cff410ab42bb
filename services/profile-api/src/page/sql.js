import { count, el, make, makeButton } from './dom.js';
import { ask } from './session.js';

const QUESTIONS = [
  [
    'Busiest channels',
    "SELECT channel, count() AS interactions, uniqExactIf(profile_id, profile_id != '') AS people\nFROM interactions\nGROUP BY channel\nORDER BY interactions DESC",
  ],
  [
    'Best customers',
    "SELECT any(coalesce(nullIf(JSONExtractString(p.traits, 'name'), ''), tupleElement(p.identifiers[1], 'value'))) AS customer,\n  sum(o.net) AS net, count() AS orders, any(p.interactions) AS interactions\nFROM orders AS o\nINNER JOIN profiles AS p ON p.profile_id = o.profile_id\nWHERE o.status != 'cancelled'\nGROUP BY p.profile_id\nORDER BY net DESC\nLIMIT 10",
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

const MOST_ROWS = 500;

/** Questions to begin with, and a place for one's own. */
export function showQuestions() {
  el('questions').replaceChildren(
    ...QUESTIONS.map(([label, sql]) =>
      makeButton('', label, () => {
        el('sql-text').value = sql;
        runSql();
      }),
    ),
  );
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
  if (!answer.ok) return showResult(text.trim(), []);
  // A statement may name a format of its own
  if (answer.headers.get('x-clickhouse-format') !== 'JSONCompact')
    return showResult(took, [tableRow('td', [text], [])]);
  const { meta, data } = JSON.parse(text);
  const numeric = meta.map(({ type }) => /Int|Float|Decimal/.test(type));
  const names = meta.map(({ name }) => name);
  const rows = data.slice(0, MOST_ROWS).map((row) => tableRow('td', row, numeric));
  showResult(`${count(data.length)} rows, ${took}`, [tableRow('th', names, numeric), ...rows]);
}

function showResult(note, rows) {
  el('sql-note').textContent = note;
  el('sql-result').replaceChildren(...rows);
}

function tableRow(tag, cells, numeric) {
  const row = document.createElement('tr');
  for (const [i, cell] of cells.entries()) row.append(make(tag, numeric[i] ? 'number' : '', cellText(cell)));
  return row;
}

function cellText(cell) {
  if (cell === null) return 'NULL';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
