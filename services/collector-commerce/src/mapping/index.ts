export { converterOf, Fault, formOf, quote, textOf } from './converters.ts';
export { createFormatReader, createOrderReader, type DateOrder, type DateReader, detectOrder } from './dates.ts';
export { type Decimal, formatDecimal, multiply, negate, parseDecimal } from './decimal.ts';
export { constant, constSchema, readingOptions } from './reading.ts';
