import { markdownTable } from "markdown-table";
import data from "../../rooms.json" with { type: "json" };

interface Room {
  readonly holds: string;
  readonly knows: readonly string[] | "all";
  /** The rooms within it. */
  readonly within?: Readonly<Record<string, Room>>;
}

export type Rooms = Readonly<Record<string, Room>>;

const ROOMS: Rooms = data as Rooms;

/** Which room may know which, as dependency-cruiser enforces it. */
export const roomTable = (rooms: Rooms = ROOMS): string =>
  markdownTable([
    ["Room", "What is in it", "Knows"],
    ...listRooms(rooms).map(({ path, holds, knows }) => [
      `[${path}/](../${path})`,
      holds,
      describeKnown(knows),
    ]),
  ]);

/** The repository's folders, as a tree. */
export const roomTree = (rooms: Rooms = ROOMS): string => {
  const lines = listRooms(rooms).map(({ path, holds }) => {
    const parts = path.split("/");
    return { label: `${"  ".repeat(parts.length - 1)}${parts.at(-1) ?? ""}/`, holds };
  });
  const width = Math.max(...lines.map(({ label }) => label.length)) + 2;
  return ["```text", ...lines.map(({ label, holds }) => `${label.padEnd(width)}${holds}`), "```"].join("\n");
};

/** Every room, those within another directly below it. */
export const listRooms = (
  rooms: Rooms = ROOMS,
  folder = "",
): readonly (Omit<Room, "within"> & { readonly path: string })[] =>
  Object.entries(rooms).flatMap(([name, { holds, knows, within = {} }]) => [
    { path: `${folder}${name}`, holds, knows },
    ...listRooms(within, `${folder}${name}/`),
  ]);

const describeKnown = (knows: Room["knows"]): string => {
  if (knows === "all") return "all";
  return knows.length === 0 ? "no other room" : knows.join(", ");
};
