/** What an answer of a status means where the route says no more. */
const MEANS: Readonly<Record<string, string>> = {
  200: 'What was asked for',
  201: 'It is made',
  202: 'It is taken, and will be done',
  304: 'What the caller has is what there is',
  400: 'The path, the query or the body is wrong; `message` says what',
  401: 'The key is unknown',
  403: 'The key has not the verb, or does not show this',
  404: 'There is no such thing, or nobody by that name',
  409: 'It does not go with what is there; `message` says why',
  410: 'What comes next is there no more',
  422: 'It makes no sense; `message` says why',
  429: 'Too many at once; try again after `Retry-After`',
  503: 'A part that this needs is away, or takes too long; try again after `Retry-After`',
};
/** What the generator says where nothing was said. */
const UNSAID = 'Default Response';

interface Answer {
  readonly description: string;
}
type Paths = Readonly<
  Record<string, Readonly<Record<string, { readonly responses?: Readonly<Record<string, Answer>> }>>>
>;

/** The same paths, with a description of every answer. */
export function sayAnswers(paths: Paths): Paths {
  return mapped(paths, (methods) =>
    mapped(methods, (operation) =>
      operation.responses === undefined ? operation : { ...operation, responses: mapped(operation.responses, said) },
    ),
  );
}

function said(answer: Answer, status: string): Answer {
  return answer.description === UNSAID ? { ...answer, description: MEANS[status] ?? UNSAID } : answer;
}

function mapped<T, U>(record: Readonly<Record<string, T>>, by: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, by(value, name)]));
}
