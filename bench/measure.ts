/**
 * Runs a command as a whole process and tells its wall time, CPU time (user and system, all threads) and peak memory.
 *
 * A small Python program starts the command and asks the kernel with wait4: that gives microseconds and exactly
 * this child, where GNU time rounds to 10 ms and Node can only ask about itself. The interpreter's own start is
 * not part of the figures. Its size (about 15 MB) is the least peak that can be seen, as a child starts as a copy.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { median } from './statistics.ts';

export interface Command {
  name: string;
  argv: readonly string[];
  cwd: string;
  /** Where standard output goes. */
  stdout: string;
  /** A file that the command writes; it is deleted first, so that an answer of an earlier run is never taken for one. */
  result?: string;
  /** Exit codes that are answers; for some tools 1 means findings. Only 0 when left out. */
  answers?: readonly number[];
  /** Looks at what was written and says what it lacks: a tool that read nothing has no time. */
  verify?: () => string | undefined;
  /** Runs at most so often, and without a warm-up when that is once; for what takes very long. */
  most?: number;
}

export interface Run {
  /** Seconds on the clock. */
  wall: number;
  /** Seconds of work on all cores. */
  cpu: number;
  /** Peak of resident memory, in units of 1,000,000 bytes. */
  peak: number;
}

export interface Measured extends Run {
  name: string;
  runs: readonly Run[];
}

/** A command that could not be measured; `command` is its name. */
export class BenchError extends Error {
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}

const TIME_LIMIT_SECONDS = 900;

const WRAPPER = `
import json, os, signal, sys, time
job = json.load(sys.stdin)
os.chdir(job["cwd"])
out = os.open(job["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
empty = os.open(os.devnull, os.O_RDONLY)
start = time.perf_counter()
pid = os.posix_spawnp(job["argv"][0], job["argv"], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, empty, 0), (os.POSIX_SPAWN_DUP2, out, 1)])
signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
signal.alarm(job["limit"])
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * unit / 1e6, "exit": os.waitstatus_to_exitcode(status)}))
`;

let interpreter: string | undefined;

/** The real interpreter: what stands in PATH may be a slow shim. */
export function findPython(): string | undefined {
  if (interpreter !== undefined) return interpreter;
  const found = spawnSync('python3', ['-c', 'import os, sys; os.waitstatus_to_exitcode; print(sys.executable)'], { encoding: 'utf8' });
  if (found.status === 0) interpreter = found.stdout.trim();
  return interpreter;
}

/** One run. Throws when the command fails or gives no full answer. */
export function runOnce(command: Command): Run {
  const python = findPython();
  if (python === undefined) throw new BenchError('python3 (3.9 or newer) is needed to measure a process; it was not found in PATH');
  const { argv, cwd, stdout, answers = [0] } = command;
  for (const file of [stdout, command.result]) if (file !== undefined) rmSync(file, { force: true });
  const done = spawnSync(python, ['-c', WRAPPER], {
    input: JSON.stringify({ argv, cwd, stdout, limit: TIME_LIMIT_SECONDS }),
    encoding: 'utf8',
    env: plainEnvironment(),
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) throw new BenchError(`${command.name} could not be started: ${lastLine(done.stderr)}`, command.name);
  const { exit, ...run } = JSON.parse(done.stdout) as Run & { exit: number };
  if (!answers.includes(exit)) throw new BenchError(`${command.name} ended with ${exit}: ${firstLines(done.stderr)}`, command.name);
  const lacking = command.verify?.();
  if (lacking !== undefined) throw new BenchError(`${command.name} ${lacking}: ${firstLines(done.stderr)}`, command.name);
  return run;
}

/** Variables that change how Node or Castellan run would measure something that nobody else gets. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|CASTELLAN_)/.test(name)));
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 3).join(' / ').slice(0, 400) || 'nothing on standard error';
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/**
 * Measures commands against each other: one warm-up of each, which fills the file cache, then A B A B … so that
 * every command meets the same moments of the machine.
 */
export function alternate(commands: readonly Command[], runs: number): Measured[] {
  for (const command of commands) if (command.most !== 1) runOnce(command);
  const collected = commands.map((): Run[] => []);
  for (let round = 0; round < runs; round += 1) {
    for (const [index, command] of commands.entries()) {
      if (round < (command.most ?? runs)) collected[index]?.push(runOnce(command));
    }
  }
  return commands.map((command, index) => summarize(command.name, collected[index] ?? []));
}

export function summarize(name: string, runs: readonly Run[]): Measured {
  return {
    name,
    wall: median(runs.map((run) => run.wall)),
    cpu: median(runs.map((run) => run.cpu)),
    peak: median(runs.map((run) => run.peak)),
    runs,
  };
}
