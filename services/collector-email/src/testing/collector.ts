import { readFileSync } from 'node:fs';
import { ID_PREFIXES, type Interaction, type SourceKind } from '@kenal/contracts';
import type { Loose } from '../../../../test/support/loose.ts';
import {
  startVendorCollector,
  type TestVendorCollector,
  type VendorCollectorOptions,
} from '../../../../test/support/vendor-collector.ts';
import { type CollectorEmailDeps, createCollectorEmail } from '../app.ts';

/** A JSON file of `fixtures/`. */
export function fixture(name: string): Loose {
  return JSON.parse(readFileSync(new URL(`../vendors/fixtures/${name}`, import.meta.url), 'utf8'));
}

export function startEmailCollector(
  options: VendorCollectorOptions,
  more: Pick<CollectorEmailDeps, 'confirmSubscription'> = {},
): Promise<TestVendorCollector> {
  return startVendorCollector((deps) => createCollectorEmail({ ...deps, ...more }), options);
}

/** In the order in which they came: the log has several partitions. */
export async function inOrder(collector: TestVendorCollector): Promise<Interaction[]> {
  return (await collector.interactions()).sort((a, b) => a.receipt.sequence - b.receipt.sequence);
}

/**
 * What tells interactions of engagement apart: id, name, direction, whose, whether a machine's.
 * @throws where an id begins otherwise than tracing by the vendor's id expects; sources of these tests are named as their kind
 */
export async function engagements(collector: TestVendorCollector): Promise<unknown[]> {
  const interactions = await inOrder(collector);
  for (const { source, id } of interactions)
    if (!ID_PREFIXES[source as SourceKind]?.some((prefix) => id.startsWith(prefix)))
      throw new Error(`${id} begins with none of ID_PREFIXES of ${source}`);
  return interactions.map(({ id, name, direction, identifiers, properties }) => {
    const { machine_open } = JSON.parse(properties) as { machine_open?: boolean };
    return [id, name, direction, identifiers.map(({ value }) => value).join(), ...(machine_open ? ['machine'] : [])];
  });
}
