/** The part of a pino logger that the adapters use. */
export interface LogSink {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => {};

/** Where the caller gave no logger. */
export const SILENT: LogSink = { debug: ignore, info: ignore, warn: ignore, error: ignore };
