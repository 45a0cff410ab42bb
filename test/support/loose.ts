/** JSON of others as tests change it and look into it. */
// biome-ignore lint/suspicious/noExplicitAny: a type of it would have to be checked, and that is what the tests do
export type Loose = any;
