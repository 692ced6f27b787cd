/**
 * What is said of weights is what the election does: priorities from the core's own arithmetic,
 * all small cases one by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { comparePeers } from '../../src/config/peer';
import { standing } from '../../src/core/priority';
import { around } from '../core/fixture-plain';

interface Terms {
  readonly priority: number;
  /** as it stands in the file; null: not tracked. */
  readonly weight: string | null;
  readonly preempt: boolean;
}

const textOf = ({ priority, weight, preempt }: Terms): string => `vrrp_script chk {
  script "/bin/true"
  ${weight === null ? '' : `weight ${weight}`}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  ${preempt ? '' : 'nopreempt'}
  virtual_ipaddress { 192.0.2.1 }
  ${weight === null ? '' : 'track_script { chk }'}
}
`;

/** Up for the script, or down; well is what does not lower the priority. */
function prioritiesOf(text: string): { readonly well: number; readonly ill: number } {
  const [instance] = loadConfig('t', text).built.config.instances;
  assert.ok(instance);
  const at = (verdict: 'up' | 'down'): number => {
    return standing(instance, null, around({ script: () => verdict })).priority;
  };
  const both = [at('up'), at('down')];
  return { well: Math.max(...both), ill: Math.min(...both) };
}

/** Whether the standby becomes master when that of the master fails (RFC 9568 §6.4.2). */
const moves = (ill: number, standby: number, preempt: boolean): boolean => preempt && ill < standby;

function expected(own: Terms, other: Terms): number {
  const [here, there] = [prioritiesOf(textOf(own)), prioritiesOf(textOf(other))];
  const stuck = (
    master: { readonly well: number; readonly ill: number },
    standby: { readonly well: number },
    preempt: boolean,
  ): number =>
    master.well >= standby.well &&
    master.ill !== master.well &&
    !moves(master.ill, standby.well, preempt)
      ? 1
      : 0;
  return stuck(here, there, other.preempt) + stuck(there, here, own.preempt);
}

const terms: readonly Terms[] = [100, 102, 253].flatMap((priority) =>
  [null, '2', '3', '-2', '-3', '2 reverse', '-2 reverse', '153', '-153'].flatMap((weight) =>
    [true, false].map((preempt) => ({ priority, weight, preempt })),
  ),
);

test('a failure that moves nothing is told, and no other', () => {
  const loaded = terms.map((one) => loadConfig('t', textOf(one)));
  for (const [i, own] of loaded.entries()) {
    for (const [j, other] of loaded.entries()) {
      const found = comparePeers(own, other);
      if (found.some(({ code }) => code === 'peer-same-file')) continue;
      const told = found.filter(({ code }) => code === 'peer-weight');
      const [a, b] = [terms[i] as Terms, terms[j] as Terms];
      assert.equal(told.length, expected(a, b), JSON.stringify([a, b]));
    }
  }
});

/** The weights that a help names, put into the files. */
function mended(own: Terms, other: Terms, help: string): readonly [Terms, Terms] | null {
  const both = /^a weight (above|below) (-?\d+) at both ends/.exec(help);
  if (both !== null) {
    const weight = `${Number(both[2]) + (both[1] === 'above' ? 1 : -1)}`;
    return [
      { ...own, weight },
      { ...other, weight },
    ];
  }
  const here = /^a weight of (-\d+) or lower at (this|the other) end/.exec(help);
  const weight = here?.[1];
  if (weight === undefined) return null;
  return here?.[2] === 'this' ? [{ ...own, weight }, other] : [own, { ...other, weight }];
}

test('the weight that a help names is enough', () => {
  let tried = 0;
  for (const own of terms) {
    for (const other of terms) {
      const [found, ...more] = comparePeers(
        loadConfig('t', textOf(own)),
        loadConfig('t', textOf(other)),
      ).filter(({ code }) => code === 'peer-weight');
      const files = more.length > 0 ? null : mended(own, other, found?.help ?? '');
      if (files === null) continue;
      tried++;
      const [a, b] = files.map((one) => loadConfig('t', textOf(one)));
      assert.ok(a && b);
      assert.deepEqual(
        a.diagnostics.filter(({ code }) => code === 'out-of-range'),
        [],
      );
      const left = comparePeers(a, b).filter(({ what }) => what === found?.what);
      const said = left.map(({ why }) => why);
      assert.deepEqual(said, [], JSON.stringify([own, other, found?.help]));
    }
  }
  assert.ok(tried > 50, `${tried} tried`);
});
