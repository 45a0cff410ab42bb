import { type Clock, type ExportManifest, exportStatement, formatTime, type ReportProgress } from '@kenal/contracts';
import { type DeclaredExport, MANIFEST_END } from '@kenal/service-kit';
import type { AskRows } from './ask-rows.ts';
import type { AwaitStored } from './await-stored.ts';
import { type Encoded, encode } from './encode.ts';
import type { Place } from './place.ts';
import { spool } from './spool.ts';

export interface RunExportDeps {
  readonly askRows: AskRows;
  readonly awaitStored: AwaitStored;
  readonly openPlace: (wanted: DeclaredExport, signal: AbortSignal) => Promise<Place>;
  readonly clock: Clock;
  /** Where rows lie until they are written on. */
  readonly base: string;
}

export type RunExport = (
  wanted: DeclaredExport,
  progress: ReportProgress,
  signal: AbortSignal,
) => Promise<ExportManifest>;

const REPORT_EVERY = 16 * 1024 * 1024;
const ENDINGS = { none: '', gzip: '.gz', zstd: '.zst' } as const;

/** One run: what is stored now, as a file with its manifest. */
export function createRunExport({ askRows, awaitStored, openPlace, clock, base }: RunExportDeps): RunExport {
  return async function runExport(wanted, progress, signal) {
    const { name, workspace, format, compression } = wanted;
    const started = formatTime(clock());
    await awaitStored(workspace, signal);
    const place = await openPlace(wanted, signal);
    await place.tidy(name, undefined);
    const query = exportStatement(wanted);
    const file = `${name}-${started.replace(/[-:.]/g, '').replace(/^(.{18}).*/, '$1Z')}.${format}${ENDINGS[compression]}`;
    await using rows = await spool(base, await askRows({ workspace, sql: query, format }, signal));
    const encoded = await encode(rows, format, compression);
    await place.put(file, reported(encoded, progress));
    const manifest: ExportManifest = {
      ...{ name, file, format, compression, query, started, finished: formatTime(clock()) },
      ...{ rows: encoded.rows(), bytes: encoded.size(), sha256: encoded.sha256() },
    };
    await place.put(file + MANIFEST_END, once(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)));
    await place.tidy(name, wanted.keep);
    await progress(manifest.rows, manifest.rows, `rows, ${place.where} ${file}`);
    return manifest;
  };
}

async function* reported(encoded: Encoded, progress: ReportProgress): AsyncGenerator<Buffer> {
  let next = REPORT_EVERY;
  for await (const piece of encoded.bytes) {
    yield piece;
    if (encoded.size() < next) continue;
    next = encoded.size() + REPORT_EVERY;
    await progress(encoded.rows(), null, 'rows');
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
