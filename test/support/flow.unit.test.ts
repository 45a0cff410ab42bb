import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TOPICS, type TopicFlow, type TopicKey } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { TEST_CODE } from './rings/table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const flows: readonly (readonly [TopicKey, TopicFlow])[] = Object.entries(TOPICS) as [TopicKey, TopicFlow][];

// The three ways in which our code appends to a topic:
// createTopicWriter<Resolved>(log, 'resolved') · log.append(TOPICS.changes.name, …) · { topic: TOPICS.failed.name, records }
const WRITES = [
  /createTopicWriter(?:<\w+>)?\(\s*[\w.]+,\s*'(\w+)'/g,
  /\.append\(\s*TOPICS\.(\w+)\.name/g,
  /topic:\s*TOPICS\.(\w+)\.name,\s*records/g,
];

interface Source {
  readonly path: string;
  readonly packageName: string;
  readonly text: string;
}

/** Product code of packages and services; tests and their helpers may write where they like. */
const sources: readonly Source[] = globSync('{packages,services}/*/src/**/*.ts', { cwd: ROOT })
  .filter((path) => !new RegExp(TEST_CODE).test(path))
  .map((path) => {
    const folder = path.split('/').slice(0, 2).join('/');
    const { name } = JSON.parse(readFileSync(`${ROOT}/${folder}/package.json`, 'utf8')) as { name: string };
    return { path, packageName: name, text: readFileSync(`${ROOT}/${path}`, 'utf8') };
  });

/** Packages that append to the topic, each once, and the files where they do. */
function writersOf(topic: string): { packages: string[]; files: string[] } {
  const writing = sources.filter(
    ({ text }) =>
      WRITES.some((way) => [...text.matchAll(way)].some((m) => m[1] === topic)) ||
      // The topic of one workspace is written by whom that of all is
      (topic === 'changes' && /\.append\(\s*changeTopicOf\(/.test(text)),
  );
  return {
    packages: [...new Set(writing.map(({ packageName }) => packageName))].sort(),
    files: writing.map(({ path }) => path),
  };
}

test.each(flows)('topic %s is written by the module that the flow names, and by no other', (topic, flow) => {
  const expected = flow.schema === null ? [] : [flow.writer, ...(flow.refusers ?? [])].sort();
  expect(writersOf(topic).packages).toEqual(expected);
});

test('one module of a package writes a topic', () => {
  const doubled = flows.flatMap(([topic]) => {
    const folders = writersOf(topic).files.map((path) => path.split('/').slice(0, 2).join('/'));
    return folders.filter((folder, n) => folders.indexOf(folder) !== n).map((folder) => `${topic}: ${folder}`);
  });
  expect(doubled).toEqual([]);
});

// `kenal` is the operator's hand: it may look at any topic, and writes none.
test('a package that names a topic writes or reads it in the flow', () => {
  const parts = sources.filter(({ packageName }) => packageName !== 'kenal');
  const strangers = parts.flatMap(({ path, packageName, text }) =>
    [...text.matchAll(/TOPICS\.(\w+)\.name/g)]
      .map(([, topic]) => [topic!, TOPICS[topic as TopicKey] as TopicFlow] as const)
      .filter(([, { writer, refusers = [], readers }]) => ![writer, ...refusers, ...readers].includes(packageName))
      .map(([topic]) => `${path} names ${topic}`),
  );
  expect(strangers).toEqual([]);
});

test('the name of a topic stands in contracts only', () => {
  const names = flows.map(([, { name }]) => name);
  const elsewhere = sources.filter(
    ({ packageName, text }) => packageName !== '@kenal/contracts' && names.some((name) => text.includes(`'${name}'`)),
  );
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
});
