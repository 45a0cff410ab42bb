import {
  type ExportConfig,
  exportDocumentSchema,
  type KenalConfig,
  type Setting,
  type SettingKind,
} from '@kenal/contracts';
import type { Logger } from '../logger.ts';

/** An export, wherever it was declared. */
export interface DeclaredExport extends ExportConfig {
  readonly workspace: string;
  /** Of its schedule. */
  readonly timezone: string;
  readonly from: 'kenal.yaml' | 'api';
  /** Its bucket may be in a private network. */
  readonly allowsPrivate: boolean;
}

export interface ExportSources {
  readonly config: KenalConfig;
  readonly settings: { of(workspace: string, kind: SettingKind): readonly Setting[] };
  readonly logger: Logger;
}

/** Exports of a workspace: those of kenal.yaml first, which hide others of the same name. */
export function declaredExports({ config, settings, logger }: ExportSources, workspace: string): DeclaredExport[] {
  const own = config.workspaces.find(({ id }) => id === workspace);
  if (own === undefined) return [];
  const { timezone, exports, dangerouslyAllowPrivateExports: allowsPrivate } = own;
  const around = { workspace, timezone, allowsPrivate };
  const names = new Set(exports.map(({ name }) => name));
  const made = settings.of(workspace, 'export').filter(({ name }) => !names.has(name));
  return [
    ...exports.map((one): DeclaredExport => ({ ...one, ...around, from: 'kenal.yaml' })),
    ...made.flatMap(({ name, document }): DeclaredExport[] => {
      const read = exportDocumentSchema.safeParse(JSON.parse(document ?? 'null'));
      if (read.success) return [{ ...read.data, name, ...around, from: 'api' }];
      logger.error({ workspace, export: name }, 'an export cannot be read and is not made');
      return [];
    }),
  ];
}
