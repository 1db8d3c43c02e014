// Tests start processes that load the same sources in another module format. c8 would add up coverage by file name,
// as if the two had the same positions; only this process is measured, where every module is loaded by require.
delete process.env.NODE_V8_COVERAGE;
