/**
 * A master and a standby of one product in the lab, settled; and the lab set back afterwards, so
 * that the next pair finds it as this one did.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab/lab';
import { Contender, type Product, type StartOptions } from './contender';
import { isVirtual, type Plan, type Role, VIRTUAL_NETWORK } from './plan';

export type Pair = {
  readonly master: Contender;
  readonly standby: Contender;
  /** False: the standby still took addresses now and then when patience ended. */
  readonly settled: boolean;
};

export const NODES: readonly Role[] = ['master', 'standby'];

const QUIET_MILLISECONDS = 600;
const PATIENCE_MILLISECONDS = 20_000;
const LOOK_EVERY_MILLISECONDS = 100;

export type PairOptions = Partial<Record<Role, StartOptions>>;

/** Runs `act` on a settled pair. Whatever happens, the daemons are gone and the lab is whole. */
export async function withPair<T>(
  lab: Lab,
  product: Product,
  plan: Plan,
  act: (pair: Pair) => Promise<T>,
  options: PairOptions = {},
): Promise<T> {
  const contenders: Contender[] = [];
  const start = (role: Role) => {
    const contender = new Contender(lab, role, product, plan, options[role]);
    contenders.push(contender);
    return contender;
  };
  try {
    const master = start('master');
    await master.says(/Entering MASTER STATE/, plan.instances);
    const standby = start('standby');
    await standby.says(/Entering BACKUP STATE/, plan.instances);
    const settled = await settle(lab, plan);
    return await act({ master, standby, settled });
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
    restore(lab);
  }
}

/** Waits until the master has held everything, and the standby nothing, for a while. */
async function settle(lab: Lab, plan: Plan): Promise<boolean> {
  const wanted = plan.instances * plan.addressesEach;
  const start = performance.now();
  let since = start;
  while (performance.now() - start < PATIENCE_MILLISECONDS) {
    const held = NODES.map((node) => lab.addresses(node).filter(isVirtual).length);
    if (held[0] !== wanted || held[1] !== 0) since = performance.now();
    else if (performance.now() - since >= QUIET_MILLISECONDS) return true;
    await sleep(LOOK_EVERY_MILLISECONDS);
  }
  return false;
}

function restore(lab: Lab): void {
  for (const node of NODES) {
    lab.plugCable(node);
    lab.exec(node, ['ip', 'address', 'flush', 'dev', 'eth0', 'to', VIRTUAL_NETWORK], {
      allowFailure: true,
    });
  }
}
