import { openWarehouse } from '@kenal/warehouse';

/** Program: make the warehouse of the data directory that its argument names, as the first start of Kenal does. */
const [, , dataDir = ''] = process.argv;
const warehouse = await openWarehouse({ dataDir });
await warehouse.migrate();
// Each migration has left a part, of ten files; as one part all of it takes a third of the time to be copied and opened
for (const statement of [
  'CREATE TABLE kenal.copied AS kenal.migrations',
  'INSERT INTO kenal.copied SELECT * FROM kenal.migrations',
  'EXCHANGE TABLES kenal.copied AND kenal.migrations',
  'DROP TABLE kenal.copied SYNC',
]) {
  const answer = await warehouse.raw(statement, { role: 'writer' });
  await answer.stream.resume().toArray();
}
await warehouse.close();
