import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from './instance.ts';
import { rootOf, type SourceShown } from './sources.ts';

/** Where a source comes in, as a person is told. */
export interface DoorShown {
  /** null where a command brings it in. */
  readonly address: string | null;
  /** Whose address it is: the public one that is configured, or this machine's, which nobody outside can use. */
  readonly reach: 'public' | 'this machine' | null;
  /** What to do with the address, or instead of it; '' where it says all. */
  readonly how: string;
}

/** What is true of each kind of source: only those of vendors have an address that a vendor calls. */
export function doorShown(instance: Instance, source: SourceShown): DoorShown {
  const { id, kind, door, path, publicUrl } = source;
  const root = publicUrl?.replace(/\/+$/, '') ?? rootOf(instance, source);
  const reach = publicUrl === null ? 'this machine' : 'public';
  switch (door) {
    case 'hook':
      return { address: root + path, reach, how: HOOKS_BY_KEY[kind]?.(id) ?? '' };
    case 'tracking':
      return { address: root, reach, how: 'the tracking API, with a write key of it' };
    case 'import':
      return { address: null, reach: null, how: `kenal import FILE --map MAP --source ${id}` };
    case 'smtp': {
      const address = instance.endpoints?.smtpUrl ?? null;
      const to = 'mail to <write key>@… or any+<write key>@…';
      if (address !== null) return { address, reach: 'this machine', how: to };
      return { address, reach: null, how: `${to} at the SMTP port of collector-email (KENAL_SMTP_PORT)` };
    }
    case 'stream': {
      const address = `${root.replace(/^http/, 'ws')}/v1/stream?writeKey=<public key>`;
      return { address, reach, how: `script for a page: ${root}/v1/widget.js` };
    }
  }
}

/** Vendors that sign nothing show a write key. */
const HOOKS_BY_KEY: Readonly<Record<string, (id: string) => string>> = {
  asterisk: (id) => `with a write key of it; or kenal cdr tail FILE --source ${id} (a whole file: cdr import)`,
  connect: () => 'with a write key of it',
};

/** @throws UsageError where nobody delivers, saying why and where to look instead */
export function mustDeliver({ id, kind, door }: SourceShown): void {
  const instead = INSTEAD[door];
  if (instead === undefined) return;
  throw new UsageError(
    `nobody delivers to ${id}, it is of kind ${kind}: ${instead}. \`kenal tail\` shows what comes in, \`kenal failed ls --source ${id}\` what of it was refused`,
  );
}

const INSTEAD: Readonly<Partial<Record<SourceShown['door'], string>>> = {
  tracking: 'clients send to the tracking API, and each is told what became of its events',
  import: '`kenal import` brings it in, and says what became of each row',
  stream: 'pages talk over a websocket, and each frame is answered',
};
