import { createConnection } from 'node:net';

const CONNECT_MS = 3_000;

/** Try a TCP connection. @returns null where one was made, else why not */
export function connect(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: CONNECT_MS });
    const end = (fault: string | null): void => {
      socket.destroy();
      done(fault);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
