/**
 * Configuration files → the nodes of a simulated network: which interfaces there are, what they
 * are connected to, and which addresses the nodes have. What the files do not say is assumed, and
 * each assumption is told. Nothing is asked of the machine on which this runs.
 */
import type { Host } from '../config/host';
import { virtualRouter } from '../config/identity';
import type { Loaded } from '../config/load';
import type { Config, Family, Instance } from '../config/model';
import { isOneRouter } from '../config/peer';
import { endsOf, pairsOf } from '../config/peer/ends';
import { locate } from '../config/source';
import { calledNginx } from './nginx-service';
import type { NodeSpec } from './router';

export interface NodeFile {
  readonly name: string;
  readonly file: string;
  readonly loaded: Loaded;
  /** as this file was read with; its commands are looked at, not run. */
  readonly host: Host;
  readonly config: Config;
}

/** One virtual router: an instance on each node that takes part in it. */
export interface Service {
  /** as the first file calls it. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly members: readonly Seat[];
}

export interface Seat {
  readonly node: number;
  /** how the node knows the instance. */
  readonly key: string;
  readonly instance: Instance;
}

export interface World {
  readonly nodes: readonly NodeSpec[];
  readonly services: readonly Service[];
  readonly assumed: readonly string[];
}

interface Link {
  readonly a: Seat;
  readonly b: Seat;
}

export function worldOf(files: readonly NodeFile[]): World {
  const links = linksOf(files);
  const segments = segmentsOf(files, links);
  const invented: string[] = [];
  const addresses = files.map((file, index) => addressesOf(file, index, files, links, invented));
  const nodes = files.map(({ name, config }, index) => ({
    index,
    name,
    config,
    addresses: addresses[index] ?? new Map<string, readonly string[]>(),
    segments: segments[index] ?? new Map<string, string>(),
  }));
  const assumed = [
    ...trackedAssumptions(files),
    ...sharedNetworks(files, links),
    ...(invented.length === 0 ? [] : [`own addresses: ${invented.join(', ')}`]),
    ...inactive(files),
  ];
  return { nodes, services: servicesOf(files, links), assumed };
}

const seatOf = (node: number, instance: Instance): Seat => ({
  node,
  key: virtualRouter(instance),
  instance,
});

/** Which instances of different files are two ends of one virtual router: as check --peer says. */
function linksOf(files: readonly NodeFile[]): readonly Link[] {
  const ends = files.map(({ loaded }) => endsOf(loaded.built));
  return files.flatMap((_, i) =>
    files.slice(i + 1).flatMap((__, k) => {
      const j = i + 1 + k;
      const pairs = pairsOf(ends[i] ?? [], ends[j] ?? []).filter(isOneRouter);
      return pairs.map(({ own, other }) => ({
        a: seatOf(i, own.instance),
        b: seatOf(j, other.instance),
      }));
    }),
  );
}

// ---- which of them belong together

/** Groups of things that are connected, however long the chain. */
interface Groups {
  find(one: string): string;
  join(one: string, other: string): void;
}

function groups(): Groups {
  const parents = new Map<string, string>();
  const find = (one: string): string => {
    const parent = parents.get(one);
    return parent === undefined ? one : find(parent);
  };
  return {
    find,
    join(one, other) {
      const [a, b] = [find(one), find(other)];
      if (a !== b) parents.set(b, a);
    },
  };
}

function servicesOf(files: readonly NodeFile[], links: readonly Link[]): readonly Service[] {
  const keyOf = ({ node, instance }: Seat): string => `${node} ${instance.name}`;
  const joined = groups();
  for (const { a, b } of links) joined.join(keyOf(a), keyOf(b));
  const seats = files.flatMap(({ config }, node) =>
    config.instances.map((instance) => seatOf(node, instance)),
  );
  const roots = [...new Set(seats.map((seat) => joined.find(keyOf(seat))))];
  return roots.map((root) => {
    const members = seats.filter((seat) => joined.find(keyOf(seat)) === root);
    const held = members.flatMap(({ instance }) => [...instance.addresses, ...instance.excluded]);
    return {
      name: members[0]?.instance.name ?? '',
      addresses: [...new Set(held.map(({ address }) => address))],
      members,
    };
  });
}

/** Every interface that a file names. */
export function interfacesOf({ instances, groups: all }: Config): readonly string[] {
  const named = [
    ...instances.map((one) => one.interface),
    ...[...instances, ...all].flatMap((one) => one.trackInterfaces.map(({ name }) => name)),
    ...instances.flatMap((one) => [...one.addresses, ...one.excluded].map(({ device }) => device)),
  ];
  return [...new Set(named.filter((name) => name !== null))];
}

/** The ends of a virtual router are on one network; so are interfaces of one name. */
function segmentsOf(
  files: readonly NodeFile[],
  links: readonly Link[],
): readonly ReadonlyMap<string, string>[] {
  const joined = groups();
  const keyOf = (node: number, name: string): string => `${name} of ${files[node]?.name}`;
  for (const { a, b } of links) {
    if (a.instance.interface === null || b.instance.interface === null) continue;
    joined.join(keyOf(a.node, a.instance.interface), keyOf(b.node, b.instance.interface));
  }
  const names = files.map(({ config }) => interfacesOf(config));
  const isOn = (node: number, segment: string): boolean =>
    (names[node] ?? []).some((name) => joined.find(keyOf(node, name)) === segment);
  names.forEach((own, node) => {
    for (const name of own) {
      for (let other = 0; other < node; other++) {
        if (!names[other]?.includes(name)) continue;
        const [here, there] = [keyOf(node, name), keyOf(other, name)].map(joined.find);
        if (here === undefined || there === undefined || here === there) continue;
        if (!isOn(other, here) && !isOn(node, there)) joined.join(there, here);
      }
    }
  });
  return names.map(
    (own, node) => new Map(own.map((name) => [name, joined.find(keyOf(node, name))])),
  );
}

// ---- addresses

/** What the file says, what the other end's peers say, else an invented one, by interface. */
function addressesOf(
  file: NodeFile,
  index: number,
  files: readonly NodeFile[],
  links: readonly Link[],
  invented: string[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(
    files.flatMap(({ config }) => config.instances.flatMap(({ source }) => source ?? [])),
  );
  const found = new Map<string, string[]>();
  const add = (name: string, address: string): void => {
    const own = found.get(name) ?? [];
    if (!own.includes(address)) found.set(name, [...own, address]);
  };
  interfacesOf(file.config).forEach((name, place) => {
    found.set(name, []);
    const here = file.config.instances.filter((one) => one.interface === name);
    for (const { source } of here) if (source !== null) add(name, source);
    const silent = here.filter(({ source }) => source === null);
    for (const family of new Set(silent.map((one) => one.family))) {
      const one = silent.find((each) => each.family === family) as Instance;
      const expected = expectedBy(one, index, links).find((each) => !known.has(each));
      const address = expected ?? inventedFor(family, place, index);
      add(name, address);
      invented.push(`${address} on ${name} of ${file.name}`);
    }
  });
  return found;
}

/** What the other ends would send unicast adverts to. */
function expectedBy(one: Instance, node: number, links: readonly Link[]): readonly string[] {
  if (one.peers.length === 0) return [];
  const others = links.flatMap(({ a, b }) => {
    if (a.node === node && a.instance.name === one.name) return [b];
    return b.node === node && b.instance.name === one.name ? [a] : [];
  });
  const lists = others.map(({ instance }) => instance.peers.map(({ address }) => address));
  const [first = [], ...rest] = lists;
  return first.filter((address) => rest.every((list) => list.includes(address)));
}

/** 198.18.0.0/15 is nobody's (RFC 2544). Later files have higher addresses. */
const inventedFor = (family: Family, place: number, node: number): string =>
  family === 4 ? `198.18.${place}.${node + 1}` : `fe80::${place + 1}:${node + 1}`;

// ---- what is told of it

/** `script chk succeeds (a, b)` */
function trackedAssumptions(files: readonly NodeFile[]): readonly string[] {
  const said = new Map<string, string[]>();
  const say = (text: string, who: string): void => {
    said.set(text, [...(said.get(text) ?? []), who]);
  };
  for (const { config, name } of files) {
    for (const script of config.scripts) say(`script ${script.name} succeeds`, name);
    for (const { name: block } of config.services)
      say(`${calledNginx(block)} runs and answers`, name);
    for (const { name: process, quorumMax } of config.trackProcesses) {
      say(`process ${process} ${quorumMax === 0 ? 'does not run' : 'runs'}`, name);
    }
    for (const file of config.trackFiles) say(`file ${file.name} says ${initialOf(file)}`, name);
  }
  return [...said].map(([text, who]) => `${text} (${who.join(', ')})`);
}

export const initialOf = (file: Config['trackFiles'][number]): number => file.initial?.value ?? 0;

function sharedNetworks(files: readonly NodeFile[], links: readonly Link[]): readonly string[] {
  const texts = links.flatMap(({ a, b }) => {
    const [here, there] = [a.instance.interface, b.instance.interface];
    if (here === null || there === null || here === there) return [];
    const [first, second] = [files[a.node]?.name, files[b.node]?.name];
    return [`${here} of ${first} and ${there} of ${second} are on one network`];
  });
  return [...new Set(texts)];
}

function inactive(files: readonly NodeFile[]): readonly string[] {
  return files.flatMap(({ loaded, file }) => {
    const words = loaded.inactive.map(({ what, span }) => `${what} (line ${locate(span).line})`);
    return words.length === 0 ? [] : [`not carried out in ${file}: ${words.join(', ')}`];
  });
}
