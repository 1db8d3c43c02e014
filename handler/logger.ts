import winston from "winston";
import type { LogLevel } from "./configuration.ts";

export interface Logger {
  log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void;
}

/**
 * Logs one JSON object a line to standard output. Lambda's log level filter needs `timestamp` and `level`; operators
 * search for the level in upper case.
 */
export const createLogger = (level: LogLevel): Logger => {
  const logger = winston.createLogger({
    level,
    format: winston.format.printf(({ level: lineLevel, message, fields }) =>
      JSON.stringify({
        timestamp: new Date().toISOString(),
        level: lineLevel.toUpperCase(),
        message,
        ...(fields as object),
      }),
    ),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston declares its transports as instances
    transports: [new winston.transports.Console()],
  });
  return {
    // As one object: of a message apart from its fields winston drops the fields as soon as it has a % in it. They are one property
    // of it, so that a line costs fewer copies of them.
    log: (lineLevel, message, fields) => {
      logger.log({ level: lineLevel, message, fields });
    },
  };
};
