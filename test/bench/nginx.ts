/**
 * What a client sees when nginx dies, hangs or is touched: holdfast's nginx { } beside keepalived
 * with the tutorials' script, in the same lab. The longest gap between two good answers of a client
 * that asks 200 times a second over kept connections.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Copied } from '../lab/copied';
import { Lab } from '../lab/lab';
import { broken, Supervised, VIP } from '../lab/supervised';
import { until } from '../lab/until';
import { type Bench, Collected, inTurns, repeatCommand, runsOf } from './scenario';
import { row, type Table } from './table';

/** What stands in both kinds of node. */
interface Server {
  readonly daemon: {
    says(pattern: RegExp, from?: number): Promise<string>;
    stop(): Promise<unknown>;
  };
  /** The master process, then its workers. */
  readonly processes: readonly number[];
  signal(signal: NodeJS.Signals, pids?: readonly number[]): void;
  configure(edit?: (text: string) => string): void;
}

interface Pair {
  readonly lab: Lab;
  readonly master: Server;
  readonly standby: Server;
  /** As an operator does it there. */
  readonly reload: () => void;
  readonly restart: () => void;
}

type Deed = {
  readonly name: string;
  readonly label: string;
  readonly aim: (interval: number) => string;
  readonly act: (pair: Pair) => unknown;
};

const DEEDS: readonly Deed[] = [
  {
    name: 'kill',
    label: 'kill -9 of nginx, master and workers',
    aim: () => '< 150',
    act: ({ master }) => master.signal('SIGKILL'),
  },
  {
    name: 'broken',
    label: 'kill -9, and its configuration is broken',
    aim: (interval) => (interval === 1 ? '< 1200' : '< 500'),
    act: ({ master }) => {
      master.configure(broken);
      master.signal('SIGKILL');
    },
  },
  {
    name: 'hang',
    label: 'SIGSTOP of nginx, master and workers',
    aim: (interval) => (interval === 1 ? '< 1200' : '< 500'),
    act: ({ master }) => master.signal('SIGSTOP'),
  },
  {
    name: 'master',
    label: 'kill -9 of its master process alone',
    aim: () => '< 150',
    act: ({ master }) => master.signal('SIGKILL', master.processes.slice(0, 1)),
  },
  {
    name: 'workers',
    label: 'kill -9 of its workers',
    aim: () => '< 150',
    act: ({ master }) => master.signal('SIGKILL', master.processes.slice(1)),
  },
  {
    name: 'reload',
    label: 'a reload with a broken configuration',
    aim: () => '',
    act: ({ master, reload }) => {
      master.configure(broken);
      reload();
    },
  },
  {
    name: 'port',
    label: 'kill -9, and another process has one of its ports',
    aim: (interval) => (interval === 1 ? '< 1200' : '< 500'),
    act: async ({ lab, master }) => {
      const server = "require('net').createServer().listen(81, () => console.log('taken'))";
      await lab.spawn('a', [process.execPath, '-e', server]).line(/taken/);
      master.configure((text) => text.replace('listen 80;', 'listen 80; listen 81;'));
      master.signal('SIGKILL');
    },
  },
  {
    name: 'loop',
    label: 'a crash loop of 4 s',
    aim: () => '',
    act: async ({ master }) => {
      const end = performance.now() + 4000;
      while (performance.now() < end) {
        master.signal('SIGKILL');
        await sleep(20);
      }
    },
  },
  {
    name: 'cable',
    label: 'the cable of the master',
    aim: () => '',
    act: ({ lab }) => lab.pullCable('a', 'port-vanish'),
  },
  {
    name: 'stop',
    label: 'the daemon is stopped',
    aim: () => '',
    act: ({ master }) => master.daemon.stop(),
  },
  {
    name: 'restart',
    label: 'holdfast nginx restart',
    aim: () => '',
    act: ({ restart }) => restart(),
  },
];

const TERMS = [
  { version: 2, interval: 1 },
  { version: 3, interval: 0.02 },
] as const;
type Terms = (typeof TERMS)[number];

const STEADY_MS = 700;
/** Whoever does not answer until then never does. */
const PATIENCE_MS = 9000;
/** An outage may begin late, as in a hand-over. */
const WATCH_MS = { short: 2500, handOver: 6000 } as const;
/** So long without a hole, and it is over. */
const WELL_MS = 1000;

export async function nginx(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const terms of TERMS) tables.push(await nginxOf(bench, terms));
  return tables;
}

async function nginxOf(bench: Bench, terms: Terms): Promise<Table> {
  const runs = runsOf(bench, 2, 1);
  const seen = new Collected();
  const what = `nginx, advert_int ${terms.interval} (v${terms.version})`;
  const columns = await inTurns(bench, { what, runs }, async (product) => {
    for (const deed of DEEDS) {
      if (deed.name === 'restart' && product !== 'holdfast') continue;
      seen.add(deed.name, product, await gapOf(product, terms, deed));
    }
  });
  return {
    name: `nginx-v${terms.version}`,
    title: `Longest gap of a client at 200 requests/s; advert_int ${terms.interval} (v${terms.version})`,
    columns,
    rows: DEEDS.map(({ name, label, aim }) =>
      row(label, 'ms', seen.of(name), { digits: 0, aim: aim(terms.interval) }),
    ),
    notes: [
      "holdfast: nginx { } as it comes; keepalived: the tutorials' script, interval 2, weight 2.",
      `never: no good answer within ${PATIENCE_MS / 1000} s. Runs of each: ${runs}.`,
    ],
    repeat: repeatCommand(bench, 'nginx', runs),
  };
}

async function gapOf(product: string, terms: Terms, deed: Deed): Promise<number> {
  const lab = new Lab({ nodes: ['a', 'b'] });
  try {
    const pair = await pairOf(lab, product, terms);
    const answers: number[] = [];
    const command = [process.execPath, join(__dirname, '..', 'lab', 'keep-alive-probe.js')];
    lab.spawn('client', [...command, `http://${VIP}/`, '5', '200'], {
      name: 'client',
      onLine: (line) => answers.push(Number.parseFloat(line)),
    });
    await until(() => answers.length > 20, { what: 'the client to be answered' });
    await sleep(STEADY_MS);
    const from = answers.at(-1) ?? 0;
    await deed.act(pair);
    await sleep(deed.name === 'restart' ? WATCH_MS.handOver : WATCH_MS.short);
    const start = performance.now();
    while (!isWell(answers)) {
      if (performance.now() - start > PATIENCE_MS) return Number.NaN;
      await sleep(50);
    }
    return longestGap(answers.filter((at) => at >= from));
  } finally {
    await lab.close();
  }
}

const now = (): number => performance.timeOrigin + performance.now();

/** Answered without a hole for a while, up to this moment. */
function isWell(answers: readonly number[]): boolean {
  const recent = answers.filter((at) => at > now() - WELL_MS);
  return recent.length > 20 && longestGap([now() - WELL_MS, ...recent, now()]) < WELL_MS / 4;
}

const longestGap = (answers: readonly number[]): number =>
  answers.reduce((gap, at, i) => Math.max(gap, at - (answers[i - 1] ?? at)), 0);

async function pairOf(lab: Lab, product: string, terms: Terms): Promise<Pair> {
  const settled = async (one: Server, state: string): Promise<void> => {
    await one.daemon.says(new RegExp(`\\(VI_1\\) Entering ${state} STATE`));
  };
  if (product === 'holdfast') {
    const start = (node: string, priority: number) => {
      const one = new Supervised(lab, node, { ...terms, priority });
      return Object.assign(one, { daemon: one.holdfast });
    };
    const master = start('a', 102);
    await settled(master, 'MASTER');
    const standby = start('b', 100);
    await settled(standby, 'BACKUP');
    const ask = (verb: string) => (): void => master.askLater(verb);
    return { lab, master, standby, reload: ask('reload'), restart: ask('restart') };
  }
  const start = (node: string, priority: number) => {
    const one = new Copied(lab, 'keepalived', node, { ...terms, priority });
    one.stoppable();
    return one;
  };
  const master = start('a', 102);
  await settled(master, 'MASTER');
  const standby = start('b', 100);
  await settled(standby, 'BACKUP');
  // The script has started nginx on both, in its first run.
  await until(() => master.master !== null && standby.master !== null, { what: 'nginx' });
  const reload = (): void => master.signal('SIGHUP', master.processes.slice(0, 1));
  return { lab, master, standby, reload, restart: () => undefined };
}
