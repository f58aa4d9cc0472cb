/** A headless Chromium driven over a pipe: no port, no profile that stays, no request but for what is opened. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isRecord } from '../../src/model/index.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

/** The name under which it is installed, or undefined. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

type Message = Record<string, unknown>;

export class Chromium {
  readonly #process: ChildProcess;
  readonly #profile = mkdtempSync(join(tmpdir(), 'castellan-chromium-'));
  readonly #input: Writable;
  readonly #waiting = new Map<number, { resolve: (result: Message) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<(message: Message) => void>();
  #next = 1;

  constructor(program: string) {
    this.#process = spawn(program, [...FLAGS, `--user-data-dir=${this.#profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , input, output] = this.#process.stdio;
    this.#input = input as Writable;
    let rest = '';
    (output as Readable).setEncoding('utf8').on('data', (piece: string) => {
      const texts = (rest + piece).split('\0');
      rest = texts.pop() ?? '';
      for (const text of texts) this.#receive(JSON.parse(text) as Message);
    });
    this.#process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium ended'));
    });
  }

  send(method: string, params: Message = {}, sessionId?: string): Promise<Message> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
    });
  }

  on(listener: (message: Message) => void): void {
    this.#listeners.add(listener);
  }

  async open(url: string, size: { width: number; height: number } = { width: 1400, height: 1000 }): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, String(sessionId));
    await page.load(url, size);
    return page;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    void this.send('Browser.close').catch(() => undefined);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
    this.#process.kill('SIGKILL');
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(message: Message): void {
    const { id, error, result } = message;
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    this.#waiting.delete(Number(id));
    if (isRecord(error)) waiting.reject(new Error(String(error.message)));
    else waiting.resolve(isRecord(result) ? result : {});
  }
}

export class Page {
  /** Errors of the script, refusals of the policy, what was written to the console. */
  readonly problems: string[] = [];
  /** Addresses that the page asked for, its own apart. */
  readonly requests: string[] = [];
  readonly #browser: Chromium;
  readonly #session: string;

  constructor(browser: Chromium, session: string) {
    this.#browser = browser;
    this.#session = session;
    browser.on((message) => this.#note(message));
  }

  async load(url: string, size: { width: number; height: number }): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.#send(`${domain}.enable`);
    await this.#send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
    const loaded = new Promise<void>((resolve) => {
      this.#browser.on(({ method, sessionId }) => {
        if (method === 'Page.loadEventFired' && sessionId === this.#session) resolve();
      });
    });
    await this.#send('Page.navigate', { url });
    await loaded;
    this.requests.splice(0, 1);
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return isRecord(result) ? result.value : undefined;
  }

  /** Types into what has the focus, key by key. */
  async type(text: string): Promise<void> {
    for (const char of text) await this.#send('Input.dispatchKeyEvent', { type: 'char', text: char });
  }

  async press(key: string): Promise<void> {
    const keyCode = { Enter: 13, Escape: 27, ArrowUp: 38, ArrowDown: 40, Tab: 9 }[key] ?? 0;
    const text = key === 'Enter' ? '\r' : undefined;
    await this.#send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key,
      code: key,
      windowsVirtualKeyCode: keyCode,
      ...(text !== undefined && { text }),
    });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: keyCode });
  }

  emulate(features: readonly { name: string; value: string }[], media = ''): Promise<Message> {
    return this.#send('Emulation.setEmulatedMedia', { media, features });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(String(data), 'base64');
  }

  /** Pages on paper, as PDF. */
  async print(): Promise<Buffer> {
    const { data } = await this.#send('Page.printToPDF', { printBackground: true, landscape: true });
    return Buffer.from(String(data), 'base64');
  }

  #send(method: string, params: Message = {}): Promise<Message> {
    return this.#browser.send(method, params, this.#session);
  }

  #note({ method, params, sessionId }: Message): void {
    if (sessionId !== this.#session || !isRecord(params)) return;
    if (method === 'Runtime.exceptionThrown' || method === 'Runtime.consoleAPICalled' || method === 'Log.entryAdded')
      this.problems.push(JSON.stringify(params));
    if (method === 'Network.requestWillBeSent' && isRecord(params.request)) this.requests.push(String(params.request.url));
  }
}
