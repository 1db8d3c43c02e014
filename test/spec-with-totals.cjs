const { appendFileSync } = require("node:fs");
const { format } = require("node:util");
const { reporters, Runner } = require("mocha");

/**
 * mocha's spec reporter, closing with the totals on a line of their own, `12 passed, 0 failed`, for machines.
 * It also appends what failed to the file of `TEST_FAILURES_FILE`, for who prints more after it.
 */
module.exports = class SpecWithTotals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      console.log(`${passes} passed, ${failures} failed`);
      const file = process.env.TEST_FAILURES_FILE;
      if (file !== undefined && failures > 0) appendFileSync(file, listOf(this.failures));
    });
  }
};

/** mocha's own list of what failed, as a text. */
function listOf(failures) {
  const { Base } = reporters;
  const print = Base.consoleLog;
  let list = "";
  Base.consoleLog = (...values) => (list += `${format(...values)}\n`);
  try {
    Base.list(failures);
  } finally {
    Base.consoleLog = print;
  }
  return list;
}
