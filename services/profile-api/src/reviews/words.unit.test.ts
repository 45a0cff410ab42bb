import { expect, test } from 'vitest';
import { tell, tellDoubt } from './words.ts';

const wordsOf = (field: string, level: string, bits: number): string => tell([{ field, level, bits }])[0]!.words;

test('each aspect is a sentence that says which way it speaks and how loud', () => {
  expect(wordsOf('birth_date', 'exact', 11.2)).toBe(
    'Birth date is the same: 11.2 bits for one person (2,353 times as likely)',
  );
  expect(wordsOf('family_name', 'different', -6)).toBe(
    'Family name differs: 6.0 bits for two people (64 times as likely)',
  );
  expect(wordsOf('gender', 'exact', 0.3)).toBe('Gender is the same: next to nothing either way');
  expect(wordsOf('prior', 'any pair', -8)).toMatch(
    /^Two records are seldom one person’s, before anything is compared: 8/,
  );
});

test('what has no sentence of its own is told as it is called', () => {
  expect(wordsOf('shoe_size', 'two sizes apart', 1)).toBe(
    'Shoe size two sizes apart: 1.0 bits for one person (2 times as likely)',
  );
  expect(tellDoubt('twins')).toMatch(/twins$/);
  expect(tellDoubt('something new')).toBe('Not joined without asking because something new');
});
