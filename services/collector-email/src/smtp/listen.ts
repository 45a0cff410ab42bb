import type { Server } from 'node:net';
import { KenalError } from '@kenal/errors';

export interface Port {
  /** 0 takes a free one. */
  readonly number: number;
  /** Where it is taken: the next free one (a default), or an error (it was asked for). */
  readonly onTaken: 'next' | 'fail';
}

const MOST_TRIES = 100;

/** @returns the address that clients use @throws KenalError `port_taken` */
export async function listen(server: Server, host: string, { number, onTaken }: Port): Promise<string> {
  const tries = onTaken === 'next' && number !== 0 ? MOST_TRIES : 1;
  for (let step = 0; step < tries; step++) {
    const port = await tryListen(server, host, number === 0 ? 0 : number + step);
    if (port !== null) {
      const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
      return `smtp://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
    }
  }
  throw new KenalError('port_taken', `${host}:${number} (SMTP); stop what listens there or set KENAL_SMTP_PORT`);
}

function tryListen(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    };
    server.once('error', onError).once('listening', onListening);
    server.listen(port, host);
  });
}
