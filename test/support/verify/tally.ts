/** What came out of one step of `npm test`. */
export interface Tally {
  readonly passed: number;
  /** Names; a step without single tests (lint, rings …) counts as one. */
  readonly failed: readonly string[];
  /** Names with the reason where there is one. */
  readonly skipped: readonly string[];
}

export interface StepResult extends Tally {
  readonly step: string;
  readonly seconds: number;
}

/** The parts of vitest's JSON report that are counted. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Count a vitest run. A file that could not be loaded has no single tests and counts as one that failed; so does a run
 * that ended with an error though no test failed (an unhandled rejection), and one without any test.
 */
export function tallyVitest(report: VitestReport | null, exitCode: number, root: string): Tally {
  if (report === null) return { passed: 0, failed: [`the test runner ended with ${exitCode}`], skipped: [] };
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name })),
  );
  const nameOf = (test: { file: string; fullName: string }): string =>
    `${test.file.replace(`${root}/`, '')}: ${test.fullName}`;
  const failed = tests.filter(({ status }) => status === 'failed').map(nameOf);
  const broken = report.testResults.filter((file) => file.status === 'failed' && !hasFailure(file.assertionResults));
  failed.push(...broken.map((file) => `${file.name.replace(`${root}/`, '')}: could not be run`));
  const passed = tests.filter(({ status }) => status === 'passed').length;
  if (exitCode !== 0 && failed.length === 0)
    failed.push(`the test runner ended with ${exitCode} though no test failed`);
  if (passed + failed.length === 0 && tests.length === 0) failed.push('no test was run');
  const skipped = tests.filter(({ status }) => !['passed', 'failed'].includes(status)).map(nameOf);
  return { passed, failed, skipped };
}

function hasFailure(tests: readonly { readonly status: string }[]): boolean {
  return tests.some(({ status }) => status === 'failed');
}

/** `142 passed, 0 failed` or `142 passed, 1 failed, 3 skipped`: the last line of `npm test`. */
export function closingLine(results: readonly Tally[]): string {
  const sum = (count: (tally: Tally) => number): number => results.reduce((total, tally) => total + count(tally), 0);
  const skipped = sum((tally) => tally.skipped.length);
  const line = `${sum((tally) => tally.passed)} passed, ${sum((tally) => tally.failed.length)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/** Seconds and counts of each step as a table of Markdown, which is readable in a terminal too. */
export function tableOf(results: readonly StepResult[]): string {
  const rows = results.map((r) => [
    r.step,
    r.seconds.toFixed(1),
    `${r.passed}`,
    `${r.failed.length}`,
    `${r.skipped.length}`,
  ]);
  const total = results.reduce((seconds, result) => seconds + result.seconds, 0);
  const cells = [['suite', 'seconds', 'passed', 'failed', 'skipped'], ...rows, ['all', total.toFixed(1), '', '', '']];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map(
    (row) => `| ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, c) => (c === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
