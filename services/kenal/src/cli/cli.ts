/** What a command sees of the world around it; tests hand in their own. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Answers. */
  readonly out: Stream;
  /** Progress, notes and errors. */
  readonly err: Stream;
  readonly stdin: AsyncIterable<Buffer | string>;
  /** Whether somebody types at standard input, so that nothing should be read from it. */
  readonly stdinIsTerminal: boolean;
}

export interface Stream {
  write(chunk: string | Uint8Array): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  once?(event: 'drain', listener: () => void): unknown;
}

export function processCli(): Cli {
  return {
    env: process.env,
    out: process.stdout,
    err: process.stderr,
    stdin: process.stdin,
    stdinIsTerminal: process.stdin.isTTY === true,
  };
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly workspace?: string;
}

export function dataDirOf(cli: Cli, options: CommonOptions): string {
  return options.data ?? (cli.env.KENAL_DATA || '.kenal');
}

/** Whether colours are wanted: a terminal, and NO_COLOR unset (no-color.org). */
export function wantsColour(cli: Cli, stream: Stream): boolean {
  return stream.isTTY === true && !cli.env.NO_COLOR && cli.env.TERM !== 'dumb';
}

/** A line for the person at the terminal, out of the way of what is piped on. */
export function note(cli: Cli, text: string): void {
  cli.err.write(`${text}\n`);
}

export function print(cli: Cli, text: string): void {
  cli.out.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(cli: Cli, value: unknown): void {
  cli.out.write(`${JSON.stringify(value, null, 2)}\n`);
}
