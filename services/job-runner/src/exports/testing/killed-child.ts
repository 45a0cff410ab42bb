import { openFolder } from '../folder-place.ts';

/** Writes half of a file below the folder of its argument, and is killed as by kill −9. */
const place = await openFolder(process.argv[2]!, 'shop', 'crm');
await place.put(
  'crm-20261201T030000000Z.csv',
  (async function* () {
    yield Buffer.from('"id"\n"half"\n');
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  })(),
);
