import winston from "winston";
import type { LogLevel } from "./configuration.ts";

export type Logger = Pick<winston.Logger, "log">;

/**
 * Logs one JSON object a line to standard output. Lambda's log level filter needs `timestamp` and `level`; operators
 * search for the level in upper case.
 */
export const createLogger = (level: LogLevel): Logger =>
  winston.createLogger({
    level,
    format: winston.format.printf(({ level: lineLevel, message, ...fields }) =>
      JSON.stringify({
        timestamp: new Date().toISOString(),
        level: lineLevel.toUpperCase(),
        message,
        ...fields,
      }),
    ),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston declares its transports as instances
    transports: [new winston.transports.Console()],
  });
