import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that says what it is told to, byte by byte. */
export interface SmtpClient extends AsyncDisposable {
  /** The next whole reply: `250-a␍␊250 b` */
  reply(): Promise<string>;
  /** Says a line. @returns the reply to it */
  say(line: string): Promise<string>;
  /** Sends bytes as they are, and waits for nothing. */
  send(bytes: string | Buffer): void;
  /** From here on over TLS. */
  secure(): Promise<void>;
  /** The server has closed the connection. @returns all that it said and nobody asked for */
  readonly closed: Promise<string>;
}

export async function openSmtp(url: string): Promise<SmtpClient> {
  const { hostname, port } = new URL(url);
  let socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<string>();
  let text = '';
  let wake: () => void = () => undefined;
  let isClosed = false;
  const watch = (from: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      wake();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      isClosed = true;
      onClosed(text);
      wake();
    });
  };
  watch(socket);
  const reply = async (): Promise<string> => {
    for (;;) {
      const end = /^\d{3} .*\r\n/m.exec(text);
      if (end !== null) {
        const whole = text.slice(0, end.index + end[0].length);
        text = text.slice(whole.length);
        return whole.trimEnd();
      }
      if (isClosed) throw new Error(`closed after ${JSON.stringify(text)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    reply,
    say(line) {
      socket.write(`${line}\r\n`);
      return reply();
    },
    send: (bytes) => void socket.write(bytes),
    async secure() {
      socket.removeAllListeners('data');
      const secured = connectTls({ socket, rejectUnauthorized: false });
      await once(secured, 'secureConnect');
      socket = secured;
      watch(secured);
    },
    closed,
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}
