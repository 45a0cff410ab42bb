import { expect, test } from 'vitest';
import { featuresOf } from '../compare/features.ts';
import { encode } from '../encode.ts';
import { planSources } from '../fields/plan.ts';
import { columnsOf } from '../test-support.ts';
import { echoOf } from './echo.ts';

test('an address made of the name says how it was made where one slip parts two of them, and no more where they are alike', () => {
  const columns = columnsOf([
    { given_name: 'carol', family_name: 'davis', email: 'daviscarol@x.org' },
    { given_name: 'carol', family_name: 'davies', email: 'davicarol@x.org' },
  ]);
  const sources = encode(planSources(columns), columns, Int32Array.of(0, 1));
  const [echo] = echoOf(featuresOf(sources.map(({ source }) => source)), sources, () => () => 5);
  const levels = featuresOf(sources.map(({ source }) => source))[echo!.email]!.comparator.levels;
  const capAt = (name: string) =>
    echo!.cap(
      levels.findIndex((level) => level.name === name),
      0,
      1,
    );
  // A habit of 3 bits, and a domain of 5 of which relatives and colleagues take 2
  expect([capAt('near'), capAt('same local part'), capAt('similar')]).toEqual([6, 3, 3]);
});
