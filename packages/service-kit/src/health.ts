/** Something that somebody should mend, while the service does its work. */
export interface HealthWarning {
  /** One sentence. */
  readonly warning: string;
}

type Finding = string | HealthWarning | null;

/** @returns null where all is well, a warning, or one sentence that says what is wrong: then the process is not ready */
export type HealthCheck = () => Promise<Finding> | Finding;

export interface HealthReport {
  readonly ok: boolean;
  readonly lines: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** What `/readyz` asks: a line for each dependency and each consumer. */
export interface Health {
  add(name: string, check: HealthCheck): void;
  /** From now on not ready: the process is stopping. */
  drain(): void;
  report(): Promise<HealthReport>;
}

const CHECK_TIMEOUT_MS = 3_000;

export function createHealth(): Health {
  const checks = new Map<string, HealthCheck>();
  let draining = false;
  return {
    add: (name, check) => void checks.set(name, check),
    drain: () => {
      draining = true;
    },
    report: async () => {
      const lines = await Promise.all([...checks].map(([name, check]) => run(name, check)));
      if (draining) lines.unshift({ name: 'lifecycle', ok: false, detail: 'draining' });
      return { ok: lines.every((line) => line.ok), lines };
    },
  };
}

async function run(name: string, check: HealthCheck): Promise<HealthReport['lines'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`);
  });
  try {
    const fault = await Promise.race([Promise.resolve().then(check), late]);
    if (typeof fault === 'string') return { name, ok: false, detail: fault };
    return { name, ok: true, detail: fault?.warning ?? 'ok' };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
