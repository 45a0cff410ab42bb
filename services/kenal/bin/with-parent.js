/**
 * Loaded before a program that hand-over.js starts: where the starting process is gone, end this one too, the orderly way.
 * Worker threads and forks inherit the flag that loads this file, but not the variable.
 */
if (process.env.KENAL_PARENT === String(process.ppid) && process.channel) {
  delete process.env.KENAL_PARENT;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
