/** Time, and this process's share of the processor, in milliseconds. */
export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** @returns what tells how much was spent since. */
export const startStopwatch = (): (() => Spent) => {
  const [since, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - since, cpuMs: (user + system) / 1000 };
  };
};

export const addSpent = (one: Spent, other: Spent): Spent => ({
  wallMs: one.wallMs + other.wallMs,
  cpuMs: one.cpuMs + other.cpuMs,
});
