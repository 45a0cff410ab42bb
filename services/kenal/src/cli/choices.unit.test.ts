import { expect, test } from 'vitest';
import { oneOf, someOf, weights } from './choices.ts';
import { amount } from './numbers.ts';

const COLOURS = ['red', 'green', 'blue'] as const;

test('a word of a known set is taken, any other is refused with the list of the legal ones', () => {
  expect(oneOf('--colour', COLOURS)('green')).toBe('green');
  expect(() => oneOf('--colour', COLOURS)('pink')).toThrow('--colour must be one of red, green, blue, not pink');
});

test('several words keep their order, each once; one unknown refuses all', () => {
  expect(someOf('--colours', COLOURS)('blue, red,blue')).toEqual(['blue', 'red']);
  expect(() => someOf('--colours', COLOURS)('red,')).toThrow('each of --colours must be one of red, green, blue, not ');
});

test('shares are numbers above 0, and 1 where none is said', () => {
  expect(weights('--colours', COLOURS)('blue=3,red')).toEqual({ blue: 3, red: 1 });
  expect(() => weights('--colours', COLOURS)('pink=3')).toThrow('must be one of red, green, blue, not pink');
  for (const bad of ['red=0', 'red=-1', 'red=', 'red=many', 'red=Infinity'])
    expect(() => weights('--colours', COLOURS)(bad)).toThrow('gives shares above 0, like red=3');
});

test('a number with decimals is taken inside its limits, both included', () => {
  const parse = amount('--errors', 0, 10);
  expect(['0', '0.5', '10'].map(parse)).toEqual([0, 0.5, 10]);
  for (const bad of ['', '-1', '10.1', '1e1', 'x', '1.2.3', '.'])
    expect(() => parse(bad)).toThrow(`--errors must be a number from 0 to 10, not ${bad}`);
});
