import type { Socket } from 'node:net';
import { createRateLimiter, type Keyring, LEAST_BURST } from '@kenal/collector-kit';
import type { Clock } from '@kenal/contracts';
import type { Logger, Metrics } from '@kenal/service-kit';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { type Addresses, createAddresses } from './addresses.ts';
import { createIntake, type TakeMail } from './intake.ts';
import { SMTP_LIMITS, type SmtpLimits } from './limits.ts';
import { listen, type Port } from './listen.ts';
import { isSamePeer } from './peer.ts';
import { accessOf } from './recipient.ts';
import { refusalOf, SmtpRefusal } from './refusal.ts';

/** Certificate and key, PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface SmtpOptions {
  readonly host: string;
  readonly port: Port;
  /** As the greeting has it. */
  readonly name: string;
  /** null: no STARTTLS. */
  readonly certificate: Certificate | null;
  readonly limits?: Partial<SmtpLimits>;
}

export interface SmtpDeps {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly take: TakeMail;
}

export interface SmtpService {
  /** @returns `smtp://127.0.0.1:2525` @throws KenalError `port_taken` */
  start(): Promise<string>;
  /** Nobody is let in any more; mails that are whole are finished. */
  stop(): Promise<void>;
}

/** After this whoever still speaks is cut off. */
const CLOSE_MS = 3_000;

type Done = (error?: Error | null, message?: string) => void;

/** Mail in: each mail is acknowledged with 250 once it is durable, and asked for again (451) where it may not be. */
export function createSmtpService(deps: SmtpDeps, options: SmtpOptions): SmtpService {
  const { clock, logger, metrics } = deps;
  const limits = { ...SMTP_LIMITS, ...options.limits };
  const addresses = createAddresses(clock, limits.connectionsPerAddress, limits.mailsPerMinute);
  const rates = createRateLimiter(clock, LEAST_BURST);
  const receive = createIntake({ ...deps, limits, pace: (access) => rates.take(access, 1) });
  const refusals = metrics.counter('kenal_collector_refused_total', 'Requests refused whole, by code', ['code']);
  const refuse = (done: Done, error: unknown): void => {
    const refusal = refusalOf(error, logger);
    refusals.inc({ code: refusal.code });
    done(refusal);
  };
  const running = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const cut = (session: SMTPServerSession): void => {
    for (const socket of sockets) if (isSamePeer(socket, session)) socket.destroy();
  };
  const smtp = new SMTPServer({
    ...transport(options, limits),
    ...gates(deps.keyring, addresses, limits, refuse),
    onData(stream, session, done) {
      const mail = receive(stream, session, () => cut(session)).then(
        () => done(null, 'durable'),
        (error) => refuse(done, error),
      );
      running.add(mail);
      void mail.finally(() => running.delete(mail));
    },
    onClose: (session) => addresses.leave(session.id),
  });
  smtp.on('error', (error) => logger.debug({ err: error }, 'an SMTP connection failed'));
  smtp.server.on('connection', (socket) => {
    const tooLong = setTimeout(() => socket.destroy(), limits.connectionMs).unref();
    sockets.add(socket);
    socket.once('close', () => {
      clearTimeout(tooLong);
      sockets.delete(socket);
    });
  });
  return {
    start: () => listen(smtp.server, options.host, options.port),
    async stop() {
      const closed = new Promise<void>((resolve) => smtp.close(() => resolve()));
      await Promise.allSettled(running);
      for (const connection of smtp.connections) connection.send(421, 'the server is stopping; try again on another');
      await closed;
      for (const socket of sockets) socket.destroy();
    },
  };
}

function transport({ name, certificate }: SmtpOptions, limits: SmtpLimits): SMTPServerOptions {
  return {
    name,
    banner: 'Kenal',
    logger: false,
    size: limits.mailBytes,
    rejectOversized: true,
    maxClients: limits.connections,
    socketTimeout: limits.idleMs,
    closeTimeout: CLOSE_MS,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    authOptional: true,
    disabledCommands: certificate === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(certificate === null ? {} : { ...certificate, minVersion: 'TLSv1.2' as const }),
  };
}

/**
 * What is asked before a mail is taken. Answers wait for a turn: where a client has sent several mails at once, the
 * parser of smtp-server 3.21.6 forgets what follows the second one if nothing on the way to it lets others in between.
 */
function gates(
  keyring: Keyring,
  addresses: Addresses,
  limits: SmtpLimits,
  refuse: (done: Done, error: unknown) => void,
): Pick<SMTPServerOptions, 'onConnect' | 'onMailFrom' | 'onRcptTo'> {
  return {
    onConnect(session, done) {
      if (addresses.enter(session.id, session.remoteAddress)) return done();
      refuse(done, new SmtpRefusal(421, 'rate_limited', 'too many connections from your address; try again later'));
    },
    onMailFrom(_address, session, done) {
      const seconds = addresses.pace(session.remoteAddress);
      if (seconds === 0) return void setImmediate(done);
      refuse(done, new SmtpRefusal(451, 'rate_limited', `too many mails from your address; try again in ${seconds} s`));
    },
    onRcptTo({ address }, session, done) {
      if (session.envelope.rcptTo.length >= limits.recipients)
        return refuse(done, new SmtpRefusal(452, 'body_too_large', `${limits.recipients} recipients are the most`));
      if (accessOf(keyring, address) !== null) return void setImmediate(done);
      refuse(done, new SmtpRefusal(550, 'unknown_key', 'no such address; it is <write key>@ or any+<write key>@'));
    },
  };
}
