/**
 * A number in a file decides who is master: the weight moves the address to the standby and back,
 * and a number that is a fault gives it away at once.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';

const VIP = '192.0.2.10';

async function pair(lab: Lab, weight: number) {
  const file = join(lab.directory, 'offset');
  const tracked = `track_file offset {\n  file "${file}"\n  weight ${weight}\n  init_file 0\n}\n`;
  const common = { version: 3, interval: 0.1, addresses: [VIP] } as const;
  const more = ['track_file {', '  offset', '}'];
  const a = new Holdfast(lab, 'a', tracked + vrrpInstance({ ...common, priority: 200, more }));
  const b = new Holdfast(lab, 'b', vrrpInstance({ ...common, priority: 150 }));
  await becomes(a, 'MASTER');
  const held = (node: string) => heldBy(lab, [VIP], node, () => a.child.tail() + b.child.tail());
  await held('a');
  return { held, write: (number: number) => writeFileSync(file, `${number}\n`) };
}

describe('a tracked file', { concurrency: true }, () => {
  it('moves the priority, there and back', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { held, write } = await pair(lab, -30);
      write(2);
      await held('b');
      write(1);
      await held('a');
    }));

  it('is a fault with weight 0, until it says 0 again', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { held, write } = await pair(lab, 0);
      write(1);
      await held('b');
      write(0);
      await held('a');
    }));
});
