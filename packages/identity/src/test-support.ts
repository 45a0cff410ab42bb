/** How often a property is tried: `KENAL_PROPERTY_RUNS`, else 300. (Ring 1 compiles without Node's types, hence the detour.) */
export const propertyRuns: number = Number(
  (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env['KENAL_PROPERTY_RUNS'] ?? 300,
);
