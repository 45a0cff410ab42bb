import type { Channel, SourceConfig, WorkspaceConfig } from '@kenal/contracts';
import { createNormaliser, type Normaliser } from '@kenal/identity';

/** A source of the configuration with what its events need, made once at start. */
export interface Source {
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  /** ISO 4217, for amounts without a currency. */
  readonly currency: string;
  /** Identifier types beside the built-in ones. */
  readonly declaredTypes: readonly string[];
  readonly ownerOf: Normaliser['ownerOf'];
  readonly enabled: boolean;
}

export function createSource(workspace: WorkspaceConfig, source: SourceConfig): Source {
  return {
    workspace: workspace.id,
    id: source.id,
    name: source.name ?? source.id,
    channel: source.channel,
    currency: workspace.currency,
    declaredTypes: workspace.identity.types,
    ownerOf: createNormaliser(workspace.identity, source.region ?? workspace.region).ownerOf,
    enabled: source.enabled,
  };
}
