import { isDateTime } from "./event-time.ts";

/** The formats that the schemas use. */
export const formats = { "date-time": isDateTime };
