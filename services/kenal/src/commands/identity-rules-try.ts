import { type Cli, note, print, printJson } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { BLOCKED_THEN } from '../identity/rules/blocked-then.ts';
import type { Stores, Trial } from '../identity/rules/index.ts';

/** Try the rules of a file on all that is stored, and say what would become of it. */
export async function tryAndTell(
  cli: Cli,
  file: string,
  storesOf: () => Promise<Stores>,
  json: boolean,
): Promise<void> {
  const { readRulesFile, tryRules } = await import('../identity/rules/index.ts');
  const began = performance.now();
  const identity = readRulesFile(file);
  const bar = createCounter(cli, json);
  const trial = await tryRules(await storesOf(), identity, bar.update).finally(bar.stop);
  const seconds = Math.round(performance.now() - began) / 1_000;
  if (json) return printJson(cli, { ...trial, seconds });
  print(cli, figures(trial, seconds));
  const pairsShown = [sample('Would become one', trial.gained), sample('Would come apart', trial.lost)];
  for (const part of [largest(trial), ...pairsShown, orphaned(trial)])
    if (part.length > 0) print(cli, `\n${shownTable(cli, part)}`);
  if (trial.blocked.identifiers > 0) note(cli, `! ${blockedInWords(trial.blocked)}`);
  print(cli, `\nNothing was written. kenal identity rules switch ${file} --reason … puts these rules in force.`);
}

const NO_FILE = 'those that Kenal comes with (there is no kenal.yaml)';
const TELL_MS = 200;

/** Nobody knows beforehand how much there is, so no bar. */
function createCounter(cli: Cli, quiet: boolean) {
  const shows = !quiet && cli.err.isTTY === true;
  let told = 0;
  return {
    update(identifiers: number): void {
      if (!shows || performance.now() - told < TELL_MS) return;
      told = performance.now();
      cli.err.write(`\r  ${count(identifiers)} identifiers`);
    },
    stop(): void {
      if (told > 0) cli.err.write('\n');
    },
  };
}

function figures(trial: Trial, seconds: number): string {
  const { workspace, config, directive, identifiers, profilesBefore, profilesAfter } = trial;
  const { mergesGained, mergesLost, orphans } = trial;
  return pairs([
    ['workspace', workspace],
    ['rules of today', directive === null ? (config ?? NO_FILE) : `ruleset ${directive}`],
    ['identifiers', count(identifiers)],
    ['profiles', `${count(profilesBefore)} today, ${count(profilesAfter)} then`],
    ['merges gained', `${count(mergesGained)} people become one with another`],
    ['merges lost', `${count(mergesLost)} parts come off people of today`],
    ['nobody’s', `${count(orphans.identifiers)} identifiers of ${count(orphans.people)} people would be nobody’s`],
    ['seconds', seconds.toFixed(1)],
  ]);
}

function largest({ largest }: Trial): string[][] {
  if (largest.length === 0) return [];
  const rows = largest.map(({ size, people, anchor }) => [count(size), count(people), plainText(anchor)]);
  return [['identifiers', 'people today', 'the largest people then'], ...rows];
}

function sample(title: string, found: Trial['gained']): string[][] {
  if (found.length === 0) return [];
  return [[title, '', 'because'], ...found.map(({ a, b, why }) => [a, b, why].map(plainText))];
}

function orphaned({ orphans: { sample } }: Trial): string[][] {
  return sample.length === 0 ? [] : [['Would be nobody’s'], ...sample.map((key) => [plainText(key)])];
}

function shownTable(cli: Cli, rows: readonly (readonly string[])[]): string {
  return table(rows, cli.out.isTTY ? (cli.out.columns ?? 120) : 400);
}

function blockedInWords({ identifiers, sample }: Trial['blocked']): string {
  const names = sample.slice(0, 3).map(plainText).join(', ');
  return `${count(identifiers)} stored identifiers are blocked by these rules and not today (${names}${identifiers > 3 ? ' …' : ''}). ${BLOCKED_THEN}`;
}
