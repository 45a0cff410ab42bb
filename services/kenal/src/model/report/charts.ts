import type { CohortRow, Pair } from './figures.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 300, 56, 40, 12];

/** Text that is safe between tags and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export const shown = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });

/** Bars side by side: seen, said. */
export function bars(title: string, points: readonly Pair[], axis: string): string {
  const scale = scaleOf(points);
  const width = (WIDTH - LEFT) / Math.max(1, points.length);
  const bar = (kind: 'actual' | 'predicted', i: number): string => {
    const value = points[i]![kind];
    const x = LEFT + i * width + width * (kind === 'actual' ? 0.14 : 0.5);
    const y = scale.y(value);
    return `<rect class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(width * 0.36).toFixed(1)}" height="${(HEIGHT - BOTTOM - y).toFixed(1)}"><title>${escaped(points[i]!.label)}: ${kind} ${shown(value)}</title></rect>`;
  };
  const labels = points.map((point, i) => label(LEFT + (i + 0.5) * width, point.label));
  const body = points.map((_, i) => bar('actual', i) + bar('predicted', i));
  return figure(title, points, axis, scale.lines + body.join('') + labels.join(''));
}

/** Lines over time: seen, said. */
export function lines(
  title: string,
  points: readonly Pair[],
  axis: string,
  mark: { at: number; label: string } | null,
): string {
  const scale = scaleOf(points);
  const x = (i: number): number => LEFT + ((WIDTH - LEFT - 8) * i) / Math.max(1, points.length - 1);
  const line = (kind: 'actual' | 'predicted'): string =>
    `<polyline class="${kind}" points="${points.map((point, i) => `${x(i).toFixed(1)},${scale.y(point[kind]).toFixed(1)}`).join(' ')}"/>`;
  const every = Math.max(1, Math.ceil(points.length / 12));
  const labels = points.map((point, i) => (i % every === 0 ? label(x(i), point.label) : ''));
  const cut =
    mark === null
      ? ''
      : `<line class="cut" x1="${x(mark.at).toFixed(1)}" x2="${x(mark.at).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text class="note" x="${(x(mark.at) - 4).toFixed(1)}" y="${TOP + 12}" text-anchor="end">${escaped(mark.label)}</text>`;
  return figure(title, points, axis, scale.lines + line('predicted') + line('actual') + cut + labels.join(''));
}

function scaleOf(points: readonly Pair[]): { y(value: number): number; lines: string } {
  const most = Math.max(1e-9, ...points.flatMap(({ actual, predicted }) => [actual, predicted]));
  const step = stepOf(most);
  const top = Math.ceil(most / step) * step;
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * value) / top;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const lines = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${shown(tick)}</text>`,
  );
  return { y, lines: lines.join('') };
}

/** 1, 2 or 5 times a power of ten, so that three to six lines are drawn. */
function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return power * ([1, 2, 5, 10].find((times) => most / (times * power) <= 6) ?? 10);
}

const label = (x: number, text: string): string =>
  `<text x="${x.toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${escaped(text)}</text>`;

/** The drawing, and the same as a table for whoever cannot see it or wants the numbers. */
function figure(title: string, points: readonly Pair[], axis: string, body: string): string {
  const rows = points.map(
    ({ label: name, actual, predicted }) =>
      `<tr><th>${escaped(name)}</th><td>${shown(actual)}</td><td>${shown(predicted)}</td></tr>`,
  );
  return `<figure><figcaption>${escaped(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${body}<text x="${(WIDTH + LEFT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(axis)}</text></svg>
<details><summary>Numbers</summary><table><tr><th>${escaped(axis)}</th><th>actual</th><th>predicted</th></tr>${rows.join('')}</table></details></figure>`;
}

/** Cohorts by month: the darker, the more came back. */
export function heatMap(title: string, rows: readonly CohortRow[]): string {
  const width = Math.max(0, ...rows.map(({ retained }) => retained.length));
  const most = Math.max(0.01, ...rows.flatMap(({ retained }) => retained.slice(1)));
  const cell = (share: number, offset: number): string =>
    offset === 0
      ? '<td>100 %</td>'
      : `<td style="--share:${Math.min(1, share / most).toFixed(3)}" class="heat">${(100 * share).toFixed(0)} %</td>`;
  const head = Array.from({ length: width }, (_, offset) => `<th>${offset}</th>`).join('');
  const body = rows.map(
    ({ month, customers, retained }) =>
      `<tr><th>${month}</th><td>${shown(customers)}</td>${retained.map(cell).join('')}</tr>`,
  );
  return `<figure class="wide"><figcaption>${escaped(title)}</figcaption><div class="scroll"><table><tr><th>first month</th><th>customers</th>${head}</tr>${body.join('')}</table></div></figure>`;
}
