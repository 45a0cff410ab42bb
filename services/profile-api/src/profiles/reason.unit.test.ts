import { expect, test } from 'vitest';
import { reasonInWords } from './reason.ts';

test.each([
  ['limit:email', 'a person has at most 5 email (identity.limits)'],
  ['hub:device_id:tablet', /^device_id:tablet is used by more people .* \(identity\.caps\)$/],
  ['cannot:email:a@x.y|user_id:u', /^somebody decided that email:a@x\.y and user_id:u are two people/],
  ['oversize', /too large/],
  ['guard', /differ too much/],
  ['something new', 'something new'],
])('%s is said in words', (reason, words) => {
  expect(reasonInWords(reason, { limitOf: () => 5 })).toEqual(
    typeof words === 'string' ? words : expect.stringMatching(words),
  );
});
