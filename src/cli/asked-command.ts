/** Declaring sixty commands with all their options takes longer than many a run: only the one that was asked for is made. */
import { Command } from 'commander';

/** Stands for a command that nobody asked for: takes whatever is said of it, and keeps nothing. */
const UNASKED: Command = new Proxy(new Command(), {
  get: (_command, property) => (property === 'commands' ? [] : () => UNASKED),
});

/** From now on `root` gets no command but that of this name. */
export function makeOnly(root: Command, asked: string): void {
  const make = root.command.bind(root);
  root.command = (name: string) => (name === asked ? make(name) : UNASKED);
}
