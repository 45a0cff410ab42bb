/** The parts of autocannon 9 that the benches use; it ships no types. */
declare module 'autocannon' {
  export interface Options {
    readonly url: string;
    readonly method?: string;
    readonly connections?: number;
    /** Seconds. */
    readonly duration?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
    /** Write a new id for each `[<id>]` of the body. */
    readonly idReplacement?: boolean;
  }
  export interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    /** Seconds. */
    readonly duration: number;
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
