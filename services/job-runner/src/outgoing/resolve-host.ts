import { lookup } from 'node:dns/promises';

/** Addresses of a name, as the machine resolves it. */
export type ResolveHost = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const resolveHost: ResolveHost = (host) => lookup(host, { all: true, verbatim: true });
