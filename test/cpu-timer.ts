/** Begins to count: the answer gives the milliseconds that this process has worked since. Others that use the machine do not count. */
export function cpuTimer(): () => number {
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
}
