import type { PageUpdate } from "../page/page-data.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import type { TenantBook } from "./tenant-book.ts";

/** The same reporter, whose run is also kept in a book. @param onUpdate hears of each change of it. */
export const bookingReporter = (
  reporter: PlaybackReporter,
  book: TenantBook,
  onUpdate: (update: PageUpdate) => void,
): PlaybackReporter => ({
  ...reporter,
  played: (entry) => {
    reporter.played(entry);
    const update = book.addPlayed(entry);
    if (update !== undefined) onUpdate(update);
  },
  showRow: (row) => {
    reporter.showRow?.(row);
    onUpdate(book.addRow(row));
  },
});
