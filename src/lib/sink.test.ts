import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CastellanError } from './errors.ts';
import { FileSink, MemorySink } from './sink.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof CastellanError ? error.code : String(error);
  }
};

describe('FileSink', () => {
  it('shows nothing of the file before its end', () => {
    const path = join(folder, 'out.txt');
    const sink = new FileSink(path);
    sink.write('one ');
    sink.write('x'.repeat(200_000));
    expect(existsSync(path)).toBe(false);
    sink.end();
    expect(readFileSync(path, 'utf8')).toBe(`one ${'x'.repeat(200_000)}`);
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('leaves what was there when it is abandoned, and nothing beside it', () => {
    const path = join(folder, 'out.txt');
    writeFileSync(path, 'old');
    const sink = new FileSink(path);
    sink.write('x'.repeat(200_000));
    sink.abandon();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('keeps the mode of the file, and a link that leads to it', () => {
    const path = join(folder, 'out.txt');
    const link = join(folder, 'link.txt');
    writeFileSync(path, 'old');
    chmodSync(path, 0o600);
    symlinkSync('out.txt', link);
    const sink = new FileSink(link);
    sink.write('new');
    sink.end();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['link.txt', 'out.txt']);
  });

  it('does not follow a link that waits under the name of its temporary file', () => {
    const victim = join(folder, 'victim.txt');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(folder, `.out.txt.${process.pid}.tmp`));
    const sink = new FileSink(join(folder, 'out.txt'));
    sink.write('new');
    sink.end();
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('new');
  });

  it('shows nothing when it is finished, and can still be abandoned', () => {
    const path = join(folder, 'out.txt');
    const sink = new FileSink(path);
    sink.write('x');
    sink.finish();
    expect(existsSync(path)).toBe(false);
    sink.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may be ended and abandoned again: the descriptor is by then that of another file', () => {
    const path = join(folder, 'out.txt');
    const sink = new FileSink(path);
    sink.write('whole');
    sink.end();
    const other = new FileSink(join(folder, 'other.txt'));
    sink.end();
    sink.abandon();
    other.write('other');
    other.end();
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readFileSync(join(folder, 'other.txt'), 'utf8')).toBe('other');
    expect(readdirSync(folder).toSorted()).toEqual(['other.txt', 'out.txt']);
  });

  it('writes into a named pipe as it stands', async () => {
    const path = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    const reader = spawn('cat', [path]);
    let got = '';
    reader.stdout.setEncoding('utf8').on('data', (chunk: string) => (got += chunk));
    const sink = new FileSink(path);
    sink.write('through the pipe');
    sink.end();
    await new Promise((resolve) => reader.on('close', resolve));
    expect(got).toBe('through the pipe');
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it('fails at once where nothing can be written', () => {
    mkdirSync(join(folder, 'sub'));
    expect(codeOf(() => new FileSink(join(folder, 'absent', 'out.txt')))).toBe('CAS_WRITE');
    expect(codeOf(() => new FileSink(join(folder, 'sub')))).toBe('CAS_WRITE');
    expect(readdirSync(folder)).toEqual(['sub']);
  });

  it('says so when the folder is gone at the end', () => {
    const sub = join(folder, 'sub');
    mkdirSync(sub);
    const sink = new FileSink(join(sub, 'out.txt'));
    sink.write('x');
    rmSync(sub, { recursive: true });
    expect(codeOf(() => sink.end())).toBe('CAS_WRITE');
  });
});

describe('standard output', () => {
  const PROGRAM = `import { stdout } from ${JSON.stringify(join(import.meta.dirname, 'sink.ts'))};
    for (let i = 0; i < 200_000; i += 1) stdout.write('line ' + i + '\\n');
    stdout.end(); process.stderr.write('done'); process.exitCode = 7;`;

  it('outlives a reader that goes away, and the exit code stays', () => {
    const script = `'${process.execPath}' --input-type=module -e "$PROGRAM" | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, PROGRAM, NODE_OPTIONS: '' } });
    expect({ stdout, stderr }).toEqual({ stdout: 'line 0\n7\n', stderr: 'done' });
  });

  it.skipIf(!existsSync('/dev/full'))('says so when it cannot be written', () => {
    const script = `'${process.execPath}' --input-type=module -e "$PROGRAM" > /dev/full`;
    const { stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, PROGRAM, NODE_OPTIONS: '' } });
    expect(stderr).toContain('standard output cannot be written (ENOSPC)');
    expect(status).toBe(1);
  });

  it('waits for a reader that is slow', () => {
    const script = `'${process.execPath}' --input-type=module -e "$PROGRAM" | (sleep 0.3; wc -l)`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, PROGRAM, NODE_OPTIONS: '' } });
    expect(stdout.trim()).toBe('200000');
  });
});

describe('MemorySink', () => {
  it('keeps what was written', () => {
    const sink = new MemorySink();
    sink.write('a');
    sink.write('b');
    sink.end();
    expect(sink.text).toBe('ab');
  });
});
