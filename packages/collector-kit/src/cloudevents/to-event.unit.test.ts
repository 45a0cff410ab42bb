import { kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createSource } from '../source.ts';
import { toEvent } from './to-event.ts';

const sources = [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
const [workspace] = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources }] }).workspaces;
const source = createSource(workspace!, workspace!.sources[0]!);
const given = { specversion: '1.0', id: 'b c', source: 'a', type: 'seen' };

test('data in Segment’s form that comes by a page’s key says nothing of who acted; its subject is named all the same', () => {
  const data = { type: 'track', event: 'X', properties: {}, context: { kenal: { direction: 'outbound' } } };
  expect(toEvent({ ...given, data }, source, true)).toHaveProperty('value.context', {});
  expect(toEvent({ ...given, data }, source, false)).toHaveProperty('value.context', data.context);
  const subject = { type: 'email', value: 'ann@x.example' };
  const named = toEvent({ ...given, subject: 'email:ann@x.example' }, source, true);
  expect(named).toHaveProperty('value.context.kenal', { identifiers: [subject] });
});

test('source and id name the message, and no other pair does', () => {
  const idOf = (one: object) => {
    const made = toEvent({ ...given, ...one }, source);
    return made.ok ? made.value.messageId : null;
  };
  expect(idOf({ source: 'a', id: 'b c' })).not.toBe(idOf({ source: 'a b', id: 'c' }));
});
