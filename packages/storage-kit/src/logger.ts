/** The one verb of a pino logger that this package needs. */
export interface WarnLogger {
  warn(fields: object, message: string): void;
}

export const silentLogger: WarnLogger = { warn: () => {} };
