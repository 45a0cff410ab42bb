import { startKafka } from '../kafka.ts';
import { migrated } from '../migrated-directory.ts';
import { startRedis } from '../redis.ts';
import type { Tally } from './tally.ts';

/**
 * Start a real Kafka and a real Redis once and end them again: whatever has to be fetched for them is fetched now, with
 * a word about it, and a machine that cannot have them hears so in one sentence before any test waits for them.
 * Every suite starts its own later: it kills, pauses and flushes them. The warehouse that they copy is made now, too.
 */
export async function provision(): Promise<Tally> {
  const kafka = await attempt('Kafka', startKafka);
  const redis = await attempt('Redis', startRedis);
  const warehouse = await attempt('The warehouse', async () => {
    await migrated();
    return { stop: async () => {} };
  });
  const failed = [...kafka, ...redis, ...warehouse];
  return { passed: 3 - failed.length, failed, skipped: [] };
}

async function attempt(name: string, start: () => Promise<{ stop(): Promise<void> }>): Promise<string[]> {
  const began = Date.now();
  try {
    const server = await start();
    console.log(`${name} answers after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await server.stop();
    return [];
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return [`${name} could not be started`];
  }
}
