// Tests start processes that load the same sources in another module format. c8 would add up coverage by file name,
// as if the two had the same positions; only the processes that run tests are measured, where every module is loaded by require.
module.exports = {
  mochaHooks: {
    beforeAll() {
      delete process.env.NODE_V8_COVERAGE;
    },
  },
};

// Mocha gives a process that shares the tests a second to end, then sends it this. To write its coverage takes longer.
if (process.env.MOCHA_WORKER_ID !== undefined) process.on("SIGTERM", () => undefined);
