import type { Figure } from "./figures.ts";
import type { PlayCosts } from "./measure-play.ts";

/** 100 MB of events, which is a year of 500 tenants, in little more than two minutes. */
const EVENTS_PER_SECOND = 1500;

/** At which two processors play so many, if they have nothing else to do. */
const CPU_MICROSECONDS = (2 * 1e6) / EVENTS_PER_SECOND;

/** More would be memory that grows with the file. */
const GROWTH = 1.2;

export const figuresOfPlay = ({ files }: PlayCosts): readonly Figure[] => {
  const [small, large] = [files[0], files.at(-1)];
  if (small === undefined || large === undefined) return [];
  const over = `for ${large.megabytes} MB of events over for ${small.megabytes} MB`;
  return [
    {
      title: `Events that npm start plays, of ${large.megabytes} MB`,
      value: large.eventsPerSecond.median,
      unit: "/s",
      goal: { atLeast: EVENTS_PER_SECOND },
    },
    {
      title: "CPU for one of these events, all processes",
      value: Math.round((large.containersCpu.median + large.ownCpu.median) * 1000),
      unit: "µs",
      goal: { atMost: Math.round(CPU_MICROSECONDS) },
    },
    {
      title: `Memory (RSS) of npm start, at most, ${over}`,
      value: large.ownMegabytes.median / small.ownMegabytes.median,
      unit: "×",
      goal: { atMost: GROWTH },
    },
    {
      title: `Memory (RSS) of a container, at most, ${over}`,
      value: large.containerMegabytes.median / small.containerMegabytes.median,
      unit: "×",
      goal: { atMost: GROWTH },
    },
  ];
};

export const PLAY_HEAD = [
  "",
  "events/s",
  "CPU per event, µs: all",
  "containers",
  "… as DynamoDB",
  "npm start",
  "RSS, MB: npm start",
  "a container",
];

/** A row for each file. */
export const playRows = ({ files, rounds }: PlayCosts): string[][] =>
  files.map((file) => {
    const { median, min, max } = file.eventsPerSecond;
    const micro = (milliseconds: number): string => String(Math.round(milliseconds * 1000));
    return [
      `${file.megabytes} MB, ${file.events.toLocaleString("en")} events`,
      rounds === 1
        ? String(Math.round(median))
        : `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`,
      micro(file.containersCpu.median + file.ownCpu.median),
      micro(file.containersCpu.median),
      micro(file.dynamoDb.median),
      micro(file.ownCpu.median),
      String(Math.round(file.ownMegabytes.median)),
      String(Math.round(file.containerMegabytes.median)),
    ];
  });
