/**
 * The witness: tcpdump on the bridge. Headers only, and frames handed over in blocks, since the
 * witness shares the processors with those it watches; stamps are the kernel's all the same.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../lab/child';
import { readCapture, type Sighting } from './pcap';
import type { Bench } from './scenario';

/** tcpdump's time limit for a block, and a little: what is older has been handed over. */
const BLOCK_MILLISECONDS = 1100;
const SNAPSHOT_BYTES = '64';
const BUFFER_KIB = '65536';

let count = 0;

export type Witnessed = {
  readonly sightings: readonly Sighting[];
  /** Milliseconds that the machine itself was late by at worst; null when not to be known. */
  readonly machineLate: number | null;
};

export class Wire {
  readonly #file: string;
  readonly #tcpdump: Child;
  readonly #bench: Bench;
  readonly #since = Date.now();

  private constructor(bench: Bench, file: string, tcpdump: Child) {
    this.#bench = bench;
    this.#file = file;
    this.#tcpdump = tcpdump;
  }

  static async tap(bench: Bench): Promise<Wire> {
    const { lab } = bench;
    count += 1;
    const file = join(lab.directory, `bench-${count}.pcap`);
    const flags = ['-n', '-s', SNAPSHOT_BYTES, '-B', BUFFER_KIB, '-Z', 'root', '-i', 'br0'];
    const command = ['tcpdump', ...flags, '-w', file, 'ip proto 112 or arp'];
    const tcpdump = lab.spawnInSwitch(command, { name: 'tcpdump' });
    await tcpdump.line(/listening on/);
    return new Wire(bench, file, tcpdump);
  }

  /** All that passed since tap(). Throws when the kernel had to drop some of it. */
  async close(): Promise<Witnessed> {
    const until = Date.now();
    await sleep(BLOCK_MILLISECONDS);
    await this.#tcpdump.stop('SIGINT');
    const told = this.#tcpdump.find(/packets? dropped by kernel/) ?? 'no count';
    if (!/^0 /.test(told)) throw new Error(`the capture is not whole: ${told}`);
    const machineLate = this.#bench.witness.worst(this.#since, until);
    return { sightings: readCapture(this.#file), machineLate };
  }
}
