import type { ExportManifest } from '@kenal/contracts';

/** Where files of an export go. */
export interface Place {
  /** All of it under its name, durably; where it fails, nothing. */
  put(file: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /** Of this export, delete what dead runs left and, where only some runs are kept, the oldest. */
  tidy(name: string, keep: number | undefined): Promise<void>;
  /** For people. */
  readonly where: string;
}

/** Names that an export gives to its files, and no others: a manifest is a file that somebody may have written. */
export function isFileOf(name: string, { file }: Pick<ExportManifest, 'file'>): boolean {
  return file.startsWith(`${name}-`) && /^[A-Za-z0-9._-]+$/.test(file);
}
