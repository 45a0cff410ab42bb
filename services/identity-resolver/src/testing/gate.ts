/** Holds up who passes while it is closed. */
export function createGate() {
  let gate = Promise.withResolvers<void>();
  let arrived = Promise.withResolvers<void>();
  gate.resolve();
  return {
    close() {
      gate = Promise.withResolvers();
      arrived = Promise.withResolvers();
    },
    open: () => gate.resolve(),
    reached: () => arrived.promise,
    async pass() {
      arrived.resolve();
      await gate.promise;
    },
  };
}
