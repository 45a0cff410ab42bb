import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashKey } from '@kenal/service-kit';
import { SHOP_SOURCES } from 'kenal';
import { stringify } from 'yaml';

/** A workspace for tests with a source and a key for each touchpoint of the generated shop. */
export interface Shop {
  readonly workspace: string;
  readonly region: string;
  /** Path of its kenal.yaml. */
  readonly config: string;
  /** Empty folder for data. */
  readonly data: string;
  readonly readKey: string;
  writeKey(source: string): string;
}

export function createShop(): Shop {
  const folder = mkdtempSync(join(tmpdir(), 'kenal-shop-'));
  const config = join(folder, 'kenal.yaml');
  const writeKey = (source: string): string => `write-${source}`;
  const readKey = 'read-shop';
  const sources = Object.entries(SHOP_SOURCES).map(([id, channel]) => ({
    id,
    channel,
    keys: [{ key: hashKey(writeKey(id)), scope: 'secret' }],
  }));
  const workspace = { id: 'shop', region: 'GB', currency: 'GBP', readKeys: [hashKey(readKey)], sources };
  writeFileSync(config, stringify({ workspaces: [workspace] }));
  return { workspace: 'shop', region: 'GB', config, data: join(folder, 'data'), readKey, writeKey };
}
