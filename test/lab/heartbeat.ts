/**
 * Proof that a daemon's event loop hung, and when: a tracked script that the daemon itself starts
 * ten times a second writes down the time. A long gap in what it wrote is the hang.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Holdfast } from './holdfast';
import type { Lab } from './lab';
import type { Window } from './rhythm';
import { until } from './until';

const BEAT_MS = 100;
/** Longer than any beat is late on a busy machine, shorter than any hang in these tests. */
const SILENT_MS = 600;

export class Heartbeat {
  readonly #file: string;
  readonly #script: string;
  readonly #hang: number;

  /** `hang`: the milliseconds for which the daemon is going to be blocked. */
  constructor(lab: Lab, node: string, hang: number) {
    this.#file = join(lab.directory, `beats-${node}`);
    this.#script = join(lab.directory, `beat-${node}.sh`);
    this.#hang = hang;
    writeFileSync(this.#script, `#!/bin/sh\ndate +%s.%N >> ${this.#file}\n`, { mode: 0o755 });
  }

  /** What the daemon's environment must say for block() to work. */
  get env(): Readonly<Record<string, string>> {
    return { HOLDFAST_TEST_BLOCK: String(this.#hang) };
  }

  /** The instance's file with the script in it, tracked: else nobody would run it. */
  tracked(instance: string): string {
    // It keeps time and judges nothing: no failure counts, however slow the machine.
    const timing = `  interval ${BEAT_MS / 1000}\n  timeout 60\n  fall 1000\n  weight 0\n`;
    const script = `vrrp_script beat {\n  script "${this.#script}"\n${timing}}\n`;
    return script + instance.replace(/\}\s*$/, '  track_script {\n    beat\n  }\n}\n');
  }

  get beats(): readonly number[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8').trim().split('\n').map(Number);
  }

  /** Asks the daemon to hang and resolves when it does; nothing of JS runs there from then on. */
  async block(daemon: Holdfast): Promise<void> {
    const detail = () => daemon.child.tail();
    await until(() => this.beats.length > 2, { what: 'a heartbeat', detail });
    daemon.child.signal('SIGUSR2');
    const silent = () => Date.now() / 1000 - (this.beats.at(-1) ?? 0) > SILENT_MS / 1000;
    await until(silent, { what: `${daemon.node} to hang` });
  }

  /** Waits until the event loop runs again: from the last beat before to the first one after. */
  async resumed(): Promise<Window> {
    // Shorter gaps are a busy machine's doing.
    const least = (this.#hang / 1000) * 0.9;
    return until(
      () => {
        const { beats } = this;
        const at = beats.findIndex((beat, i) => beat - (beats[i - 1] ?? beat) > least);
        return at === -1 ? null : { from: beats[at - 1] ?? 0, to: beats[at] ?? 0 };
      },
      { what: 'the event loop to run again' },
    );
  }
}
