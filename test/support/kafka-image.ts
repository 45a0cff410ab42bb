import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatData, JAVA, launch, propertiesOf, settleIn } from './kafka-process.ts';
import { madeOnce } from './made-once.ts';

/** What each start of a broker would make again. */
export interface KafkaImage {
  /** A formatted folder, to be copied. */
  readonly data: string;
  /** Flags of Java that let it read the classes of a start from an archive instead of from the jars. */
  readonly flags: readonly string[];
}

/** The image for these jars and this Java, made by starting a broker once and ending it in good order. */
export async function kafkaImage(jars: string): Promise<KafkaImage> {
  const { stderr: java } = await promisify(execFile)('java', ['-version']);
  // Java takes an archive only for the very files it was made of
  const { mtimeMs } = await stat(join(jars, '.complete'));
  const version = await readFile(join(jars, '.complete'));
  const sources = [java, jars, version, `${mtimeMs}`, ...JAVA, propertiesOf('', 0, 0)];
  const place = await madeOnce('kafka', sources, (folder) => make(folder, jars));
  return { data: join(place, 'data'), flags: [`-XX:SharedArchiveFile=${join(place, 'classes.jsa')}`] };
}

async function make(folder: string, jars: string): Promise<void> {
  const home = await settleIn(await mkdtemp(join(tmpdir(), 'kenal-kafka-')), jars);
  try {
    await formatData(home);
    await cp(join(home.folder, 'data'), join(folder, 'data'), { recursive: true });
    const archive = join(home.folder, 'classes.jsa');
    const broker = await launch(home, [`-XX:ArchiveClassesAtExit=${archive}`]);
    await broker.end('SIGTERM');
    await cp(archive, join(folder, 'classes.jsa'));
  } finally {
    await rm(home.folder, { recursive: true, force: true });
  }
}
