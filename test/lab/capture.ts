/**
 * tcpdump on the bridge: the only witness that times and outages are computed from.
 * A capture has begun when tcpdump says that it listens; nothing before that is missed silently.
 */
import { join } from 'node:path';
import type { Child } from './child';
import { decode, type Frame } from './decode';
import type { Lab } from './lab';

export type CaptureOptions = {
  /** A pcap filter, for example 'vrrp or arp'. */
  readonly filter?: string;
  /** A node's name: capture at its switch port instead of on the bridge. */
  readonly at?: string;
};

let count = 0;

export class Capture {
  readonly file: string;
  readonly #tcpdump: Child;

  private constructor(file: string, tcpdump: Child) {
    this.file = file;
    this.#tcpdump = tcpdump;
  }

  static async start(lab: Lab, options: CaptureOptions): Promise<Capture> {
    count += 1;
    const file = join(lab.directory, `capture-${count}.pcap`);
    const device = options.at === undefined ? 'br0' : lab.port(options.at);
    // --immediate-mode and -U: otherwise up to a second of frames is lost at the end.
    // -Z root: tcpdump would change to a user who may not write in the lab's directory.
    // -s: the ring's slots are that long; by default there is room for 250 frames only, and a
    // burst of announcements is longer. No advert or announcement is longer than a slot.
    const flags = ['--immediate-mode', '-U', '-n', '-B', '16384', '-s', '2048', '-Z', 'root'];
    const filter = options.filter === undefined ? [] : [options.filter];
    const command = ['tcpdump', ...flags, '-i', device, '-w', file, ...filter];
    const tcpdump = lab.spawnInSwitch(command, { name: `tcpdump-${device}` });
    await tcpdump.line(/listening on/);
    return new Capture(file, tcpdump);
  }

  async stop(): Promise<void> {
    if (this.#tcpdump.ended === null) await this.#tcpdump.stop('SIGINT');
  }

  /** What was captured so far; a running capture may be read again and again. */
  frames(): readonly Frame[] {
    return decode(this.file);
  }

  /** tcpdump's own count of frames that the kernel dropped; only after stop(). */
  get dropped(): number {
    const line = this.#tcpdump.find(/packets dropped by kernel/) ?? '';
    return Number(/^(\d+)/.exec(line)?.[1] ?? Number.NaN);
  }
}
