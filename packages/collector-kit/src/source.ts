import type { Channel, SourceConfig, SourceKind, WorkspaceConfig } from '@kenal/contracts';
import { createNormaliser, type Normaliser } from '@kenal/identity';
import { createOwnNames, type OwnNames } from './own.ts';
import { createPlan, type Plan } from './plan/plan.ts';

/** A source of the configuration with what its events need, made once at start. */
export interface Source {
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly channel: Channel;
  /** ISO 4217, for amounts without a currency. */
  readonly currency: string;
  /** ISO 3166, for phone numbers without +. */
  readonly region: string;
  /** IANA name, for times without a zone. */
  readonly timezone: string;
  /** Identifier types beside the built-in ones. */
  readonly declaredTypes: readonly string[];
  readonly ownerOf: Normaliser['ownerOf'];
  readonly own: OwnNames;
  /** What it may send; null: anything. */
  readonly plan: Plan | null;
  readonly config: SourceConfig;
  readonly enabled: boolean;
}

export function createSource(workspace: WorkspaceConfig, source: SourceConfig): Source {
  const region = source.region ?? workspace.region;
  return {
    workspace: workspace.id,
    id: source.id,
    name: source.name ?? source.id,
    kind: source.kind,
    channel: source.channel,
    currency: workspace.currency,
    region,
    timezone: workspace.timezone,
    declaredTypes: workspace.identity.types,
    ownerOf: createNormaliser(workspace.identity, region).ownerOf,
    own: createOwnNames(source.own, region),
    plan: source.plan === undefined ? null : createPlan(source.plan),
    config: source,
    enabled: source.enabled,
  };
}
