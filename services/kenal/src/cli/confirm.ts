import { type Cli, note } from './cli.ts';

/** Ask somebody at the terminal; anything but yes is no. */
export async function confirm(cli: Cli, question: string): Promise<boolean> {
  note(cli, `${question} (yes/no)`);
  for await (const chunk of cli.stdin) return /^y(es)?\s*$/i.test(chunk.toString());
  return false;
}
