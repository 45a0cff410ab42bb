import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exportFolder, exportRuns, MANIFEST_END } from '@kenal/service-kit';
import { isFileOf, type Place } from './place.ts';

const OWNER_ONLY = 0o600;
/** `.crm-20261201T030000000Z.csv.part` */
const partOf = (name: string): RegExp => new RegExp(`^\\.${name}-\\d{8}T\\d{9}Z\\.[a-z.]+\\.part$`);

/** @throws KenalError `forbidden` where the way there leaves the base */
export async function openFolder(base: string, workspace: string, folder: string): Promise<Place> {
  const path = (await exportFolder(base, workspace, folder, true))!;

  async function write(draft: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    const file = await open(draft, 'wx', OWNER_ONLY); // never through a link that lies there
    try {
      for await (const piece of bytes) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    where: `${workspace}/${folder}`,
    async put(name, bytes) {
      const draft = join(path, `.${name}.part`);
      try {
        await write(draft, bytes);
        await rename(draft, join(path, name));
        await syncFolder(path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async tidy(name, keep) {
      const part = partOf(name);
      for (const file of await readdir(path)) if (part.test(file)) await rm(join(path, file), { force: true });
      if (keep === undefined) return;
      const old = (await exportRuns(path, name)).slice(keep).filter((run) => isFileOf(name, run));
      for (const { file } of old) {
        await rm(join(path, file), { force: true });
        await rm(join(path, file + MANIFEST_END), { force: true });
      }
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
