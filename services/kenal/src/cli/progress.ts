import { Presets, SingleBar } from 'cli-progress';
import type { Cli } from './cli.ts';

/** How far a long job is, for a person who watches. */
export interface Progress {
  /** @param done of `total`; @param label what to say beside the bar, e.g. `12,400 rows · 11,020/s` */
  update(done: number, label: string): void;
  stop(): void;
}

/** A bar on standard error where that is a terminal, else silence. */
export function createProgress(cli: Cli, title: string, total: number, quiet: boolean): Progress {
  if (quiet || cli.err.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const plain = Boolean(cli.env.NO_COLOR);
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: `${title} {bar} {percentage}% · {label} · {eta_formatted} left`,
      barsize: 24,
      // Nothing to put right in the terminal where the command is interrupted
      hideCursor: false,
      linewrap: true,
      clearOnComplete: false,
      etaBuffer: 50,
      ...(plain ? { barCompleteChar: '#', barIncompleteChar: '-' } : {}),
    },
    plain ? Presets.legacy : Presets.shades_classic,
  );
  bar.start(Math.max(total, 1), 0, { label: '' });
  return {
    update: (done, label) => bar.update(Math.min(done, Math.max(total, 1)), { label }),
    stop: () => bar.stop(),
  };
}

/** 12400 → `12,400` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
