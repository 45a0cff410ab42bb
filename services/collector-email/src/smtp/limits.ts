/** What the SMTP server takes (reliability.md, "Edge limits"). */
export interface SmtpLimits {
  /** Of one mail, as it stands in SIZE. */
  readonly mailBytes: number;
  readonly recipients: number;
  readonly connections: number;
  /** Of one address. */
  readonly connectionsPerAddress: number;
  readonly mailsPerMinute: number;
  /** Mails that are being received or read, together. */
  readonly bytesInHand: number;
  /** Longest silence of a client. */
  readonly idleMs: number;
  /** Longest life of a connection, however it is spent. */
  readonly connectionMs: number;
}

export const SMTP_LIMITS: SmtpLimits = {
  mailBytes: 10 * 1024 * 1024,
  recipients: 1_000,
  connections: 200,
  connectionsPerAddress: 20,
  mailsPerMinute: 300,
  bytesInHand: 64 * 1024 * 1024,
  idleMs: 60_000,
  connectionMs: 600_000,
};
