import type { FitReport } from '../fit-file.ts';
import { escaped, shown } from './charts.ts';

export interface Page {
  readonly title: string;
  /** What the report is of, in a sentence. */
  readonly of: string;
  readonly report: FitReport;
  readonly notes: readonly string[];
  readonly figures: readonly string[];
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2530; --paper: #fff; --soft: #d8dee6; --actual: #3b6fb6; --predicted: #e08a2c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --paper: #14181d; --soft: #39424d; --actual: #7fb0f0; --predicted: #f0ad62; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1360px; margin: 0 auto; padding: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 24px; }
figure { margin: 0; min-width: 0; } .wide { grid-column: 1 / -1; } figcaption { font-weight: 600; margin-bottom: 6px; }
svg { width: 100%; height: auto; font-size: 12px; fill: var(--ink); }
.grid { stroke: var(--soft); } .cut { stroke: var(--ink); stroke-dasharray: 4 4; }
rect.actual { fill: var(--actual); } rect.predicted { fill: var(--predicted); }
polyline { fill: none; stroke-width: 2; } polyline.actual { stroke: var(--actual); } polyline.predicted { stroke: var(--predicted); stroke-dasharray: 6 3; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 2px 8px; text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; } .heat { background: color-mix(in srgb, var(--actual) calc(var(--share) * 70%), transparent); }
.key span::before { content: ''; display: inline-block; width: 12px; height: 12px; margin: 0 6px 0 14px; background: var(--actual); } .key .p::before { background: var(--predicted); }
.warn { border-left: 4px solid var(--predicted); padding-left: 10px; }`;

/** A page that needs nothing but itself: no script, no font, no address. */
export function pageOf({ title, of, report, notes, figures }: Page): string {
  const { parameters, standardErrors, holdout } = report;
  const parameter = (name: string): string => {
    const error = standardErrors[name] ?? null;
    return `<tr><th>${escaped(name)}</th><td>${digits(parameters[name]!)}</td><td>${error === null ? '' : `± ${digits(error)}`}</td></tr>`;
  };
  const after =
    holdout === null
      ? ''
      : `<p>Afterwards ${shown(holdout.actual)} purchases came, ${shown(holdout.predicted)} were predicted; a customer was off by ${holdout.mae.toFixed(4)} on average${holdout.correlation === null ? '' : `, correlation ${holdout.correlation.toFixed(4)}`}.</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1><p>${escaped(of)}</p>
${notes.map((note) => `<p class="warn">${escaped(note)}</p>`).join('\n')}
<table>${Object.keys(parameters).map(parameter).join('')}<tr><th>log-likelihood</th><td>${report.logLikelihood.toFixed(3)}</td><td></td></tr></table>
${after}
<p class="key"><span>actual</span><span class="p">predicted</span></p>
<main>
${figures.join('\n')}
</main></body></html>
`;
}

const digits = (value: number): string => String(Number(value.toPrecision(5)));
