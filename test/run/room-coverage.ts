/** Of the lines and branches that there are, those that tests ran. */
interface Share {
  readonly covered: number;
  readonly total: number;
}

/** A file's, as in coverage/coverage-summary.json. */
export interface FileCoverage {
  readonly lines: Share;
  readonly branches: Share;
}

/** Per cent, by room. The floors of all rooms together are in .c8rc.json; a room that writes the tenants' status has higher ones of its own. */
export type CoverageFloors = Readonly<Record<string, { readonly lines: number; readonly branches: number }>>;

export const COVERAGE_FLOORS: CoverageFloors = {
  handler: { lines: 95, branches: 95 },
};

/**
 * What is below its floor, a sentence each. A room of which nothing was measured is below it, too: nothing was shown.
 * @param files by the file's path in the repository; other entries, such as the total, are of no room.
 */
export const roomsBelowTheirFloors = (
  files: Readonly<Record<string, FileCoverage>>,
  floors: CoverageFloors = COVERAGE_FLOORS,
): string[] =>
  Object.entries(floors).flatMap(([room, floor]) => {
    const ofRoom = Object.entries(files).flatMap(([path, file]) =>
      path.startsWith(`${room}/`) ? [file] : [],
    );
    if (ofRoom.length === 0) return [`Nothing was measured of ${room}`];
    return (["lines", "branches"] as const).flatMap((what) => {
      const covered = ofRoom.reduce((sum, file) => sum + file[what].covered, 0);
      const total = ofRoom.reduce((sum, file) => sum + file[what].total, 0);
      // Rounded down: what is not enough must not look as if it were.
      const percent = Math.floor((1000 * covered) / total) / 10;
      return 100 * covered >= floor[what] * total
        ? []
        : [`Tests run ${percent.toFixed(1)} % of the ${what} of ${room}; the floor is ${floor[what]} %`];
    });
  });
