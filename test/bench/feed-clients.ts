import { request } from 'node:http';

/**
 * Followers of the change feed in a process of their own: URL and how many. Each counts the changes that it gets; every
 * change says in its trait `at` when it was appended (milliseconds). Told `count` it answers with what came since.
 */
const [, , url = '', count = '1', filter = ''] = process.argv;
const MARK = Buffer.from('\ndata: {"id"');
const AT = /"at":(\d+(?:\.\d+)?)/g;

let open = 0;
let changes = 0;
let bytes = 0;
let delays: number[] = [];

for (let n = 0; n < Number(count); n += 1) {
  request(`${url}${filter}`, (answer) => {
    open += 1;
    if (open === Number(count)) process.send?.({ open });
    let rest: Buffer = Buffer.alloc(0);
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const all = Buffer.concat([rest, chunk]); // a mark may be cut in two
      for (let at = all.indexOf(MARK); at >= 0; at = all.indexOf(MARK, at + 1)) changes += 1;
      rest = all.subarray(1 - MARK.length);
      // One in twenty tells how late it is
      if (n % 20 !== 0) return;
      const now = performance.timeOrigin + performance.now();
      for (const [, appended] of chunk.toString('latin1').matchAll(AT)) delays.push(now - Number(appended));
    });
  }).end();
}

process.on('message', () => {
  process.send?.({ changes, bytes, delays });
  delays = [];
});
