/** The longest that SQS keeps a message. The documents say it, too, and are written without loading what makes a stack. */
export const DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 60 * 60;
