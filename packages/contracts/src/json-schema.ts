import { z } from 'zod';

/**
 * Any value that JSON can write. One schema with a name: descriptions made from an unnamed recursive one refer to where nothing
 * stands (`#/components/schemas/__shared#/$defs/…`).
 */
export const jsonValueSchema = z.json().register(z.globalRegistry, { id: 'JsonValue' });
