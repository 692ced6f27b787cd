/**
 * Who holds an address, asked of the kernels and of a customer: exactly one node has it, for a
 * while and not by chance, and the client's frames go to that node's MAC.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from './lab';
import { until } from './until';

const SAMPLES = 10;
const SAMPLE_EVERY = 30;

/** Waits until `name` alone holds every address, then sees that it stays so and is reachable. */
export async function heldBy(
  lab: Lab,
  addresses: readonly string[],
  name: string,
  detail: () => string = () => '',
): Promise<void> {
  const holders = () => addresses.map((address) => lab.holders(address).join('+'));
  const alone = () => holders().every((holder) => holder === name);
  const show = () => `holders: ${holders().join(', ')}\n${detail()}`;
  await until(alone, { what: `${name} alone to hold ${addresses.join(', ')}`, detail: show });
  for (let i = 0; i < SAMPLES; i += 1) {
    assert.ok(alone(), `once settled, ${name} stays the only holder\n${show()}`);
    await sleep(SAMPLE_EVERY);
  }
  for (const address of addresses) {
    // The client keeps its neighbour entry from before: only our announcement can have moved it.
    await until(() => answers(lab, address) && neighbour(lab, address) === lab.node(name).mac, {
      what: `${address} to answer the client from ${name}`,
      every: 100,
      detail: () => `neighbour entry: ${neighbour(lab, address)}\n${show()}`,
    });
  }
}

/** Nothing listens on port 9 of a node: a refusal proves that packets go both ways. */
export function answers(lab: Lab, address: string): boolean {
  const host = address.startsWith('fe80:') ? `${address}%eth0` : address;
  const command = ['timeout', '0.5', 'bash', '-c', `</dev/tcp/${host}/9`];
  return /refused/.test(lab.exec('client', command, { allowFailure: true }).stderr);
}

/** The MAC to which the client sends for this address. */
export function neighbour(lab: Lab, address: string): string | null {
  const command = ['ip', 'neighbour', 'show', address, 'dev', 'eth0'];
  return /lladdr ([0-9a-f:]+)/.exec(lab.exec('client', command).stdout)?.[1] ?? null;
}
