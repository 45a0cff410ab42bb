import { type ChildProcess, spawn } from 'node:child_process';

/**
 * End a process, and remove a folder, also where the test's own process is killed: its end of the pipe closes then.
 * @returns a function that calls the watch off
 */
export function endWithUs(child: ChildProcess, folder = ''): () => void {
  const watch = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"';
  const watchdog = spawn('sh', ['-c', watch, 'watchdog', String(child.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return () => {
    watchdog.kill('SIGKILL');
    watchdog.stdin.destroy();
  };
}
