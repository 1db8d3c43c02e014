const { reporters, Runner } = require("mocha");

/** mocha's spec reporter, closing with the totals on a line of their own, `12 passed, 0 failed`, for machines. */
module.exports = class SpecWithTotals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      console.log(`${passes} passed, ${failures} failed`);
    });
  }
};
