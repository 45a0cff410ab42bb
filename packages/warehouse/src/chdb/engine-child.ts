import { openEngine } from './engine.ts';

// Another Kenal on a data directory, for the test: `node engine-child.ts <directory>`. Says `open` and stays until stdin ends.
const engine = await openEngine(process.argv[2]!);
process.stdout.write('open\n');
process.stdin.resume().once('end', () => void engine.close());
