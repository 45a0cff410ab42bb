import type { Readable } from 'node:stream';
import type { KeyAccess, Keyring, Source } from '@kenal/collector-kit';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { SmtpLimits } from './limits.ts';
import { createLineEndCheck } from './line-ends.ts';
import { accessOf } from './recipient.ts';
import { SmtpRefusal } from './refusal.ts';

/** Takes a whole mail for one source. Resolves when it is durable, as interactions or as a failed event. */
export type TakeMail = (source: Source, mail: Buffer, envelope: MailEnvelope) => Promise<void>;

export interface MailEnvelope {
  /** `<>` is the null sender. */
  readonly sender: string;
  readonly recipients: readonly string[];
}

export interface IntakeDeps {
  readonly keyring: Keyring;
  readonly limits: SmtpLimits;
  readonly take: TakeMail;
  /** Seconds to wait before this key may bring a mail; 0: now. */
  readonly pace: (access: KeyAccess) => number;
}

/** What follows DATA: the mail is collected, checked, and handed to each source that a recipient names, once each. */
export function createIntake({ keyring, limits, take, pace }: IntakeDeps) {
  let inHand = 0;

  async function collect(stream: SMTPServerDataStream, cut: () => void): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const lines = createLineEndCheck();
    let bytes = 0;
    let isFull = false;
    try {
      for await (const piece of untilCutOff(stream as Readable)) {
        lines.push(piece);
        // It is told at the end of the mail; whoever does not end is cut off
        if (stream.byteLength > 2 * limits.mailBytes) cut();
        isFull ||= inHand + piece.length > limits.bytesInHand;
        if (isFull || stream.sizeExceeded) continue;
        inHand += piece.length;
        bytes += piece.length;
        chunks.push(piece);
      }
      if (stream.sizeExceeded) throw new SmtpRefusal(552, 'body_too_large', `${limits.mailBytes} bytes are the most`);
      if (!lines.end()) throw new SmtpRefusal(550, 'bad_body', 'a CR or LF stands alone; end lines with CR LF');
      if (isFull) throw new SmtpRefusal(452, 'overloaded', 'the server is too busy; try again later');
      return Buffer.concat(chunks);
    } finally {
      inHand -= bytes;
    }
  }

  return async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, cut: () => void) {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      sender: `<${mailFrom === false ? '' : mailFrom.address}>`,
      recipients: rcptTo.map(({ address }) => address),
    };
    const mail = await collect(stream, cut);
    const accesses = new Map<Source, KeyAccess>();
    for (const address of envelope.recipients) {
      const access = accessOf(keyring, address);
      if (access !== null) accesses.set(access.source, access);
    }
    for (const access of accesses.values())
      if (pace(access) > 0) throw new SmtpRefusal(451, 'rate_limited', 'too many mails for this key; try again later');
    inHand += mail.length;
    try {
      await settle(Array.from(accesses.keys(), (source) => take(source, mail, envelope)));
    } finally {
      inHand -= mail.length;
    }
  };
}

/** The pieces of a mail. @throws SmtpRefusal where its client hangs up in the middle: nothing was taken, and nobody is at fault */
async function* untilCutOff(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    throw new SmtpRefusal(451, 'cut_off', `the connection ended before the mail did (${(cause as Error).message})`);
  }
}

/** Waits for all, so that none outlives the answer; then rejects, with "try again" where one of them says so. */
async function settle(takes: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(takes);
  const reasons = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
  if (reasons.length > 0) throw reasons.find((reason) => !isFinal(reason)) ?? reasons[0];
}

function isFinal(reason: unknown): boolean {
  return reason instanceof SmtpRefusal && reason.responseCode >= 500;
}
