/**
 * A host's name → its addresses, for a connection: /etc/hosts, then DNS with the search list.
 * Not getaddrinfo: that waits for a dead name server in a thread which nobody can call back, and
 * the end of the process waits for the thread (10 s and more).
 */
import { type LookupAddress, promises } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

export interface Finder {
  /** For the `lookup` of node:net. */
  lookup(host: string, options: { readonly all?: boolean | undefined }, found: Found): void;
  /** At least one, or it rejects. An address is its own. */
  addresses(host: string): Promise<readonly LookupAddress[]>;
  /** What is under way fails at once. */
  cancel(): void;
}

type Found = (
  failure: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Milliseconds for each of two tries at each name server. */
const serverPatience = 2000;

/** `servers`: those of /etc/resolv.conf when there are none. */
export function finder(
  hostsFile = '/etc/hosts',
  servers: readonly string[] = [],
  resolvFile = '/etc/resolv.conf',
): Finder {
  const resolver = new promises.Resolver({ timeout: serverPatience, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const addresses = (host: string): Promise<readonly LookupAddress[]> =>
    addressesOf(host, { hostsFile, resolvFile, resolver });
  return {
    addresses,
    lookup: (host, { all }, found) => {
      const tell = (list: readonly LookupAddress[]): void => {
        const [first] = list;
        if (all || first === undefined) found(null, [...list]);
        else found(null, first.address, first.family);
      };
      addresses(host).then(tell, (failure: Error) => found(failure, []));
    },
    cancel: () => resolver.cancel(),
  };
}

interface Sources {
  readonly hostsFile: string;
  readonly resolvFile: string;
  readonly resolver: promises.Resolver;
}

async function addressesOf(
  host: string,
  { hostsFile, resolvFile, resolver }: Sources,
): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const known = inHosts(await readFile(hostsFile, 'utf8').catch(() => ''), host);
  if (known.length > 0) return known;
  // RFC 6761 §6.3: never a question to a name server.
  if (/^(.+\.)?localhost\.?$/i.test(host)) return [with4('127.0.0.1'), with6('::1')];
  let failure: unknown = null;
  for (const name of namesOf(host, await readFile(resolvFile, 'utf8').catch(() => ''))) {
    const found = [resolver.resolve4(name), resolver.resolve6(name)] as const;
    const [four, six] = await Promise.allSettled(found);
    const addresses = [
      ...(four.status === 'fulfilled' ? four.value.map(with4) : []),
      ...(six.status === 'fulfilled' ? six.value.map(with6) : []),
    ];
    if (addresses.length > 0) return addresses;
    if (four.status === 'rejected') failure = four.reason;
    // Who does not answer about one name will not about the next.
    if (!/^(ENOTFOUND|ENODATA)$/.test((failure as NodeJS.ErrnoException | null)?.code ?? '')) break;
  }
  throw failure;
}

/** What to ask for, in this order: resolv.conf(5) with `ndots` 1. */
export function namesOf(host: string, resolv: string): readonly string[] {
  if (host.endsWith('.')) return [host];
  const lines = resolv.split('\n').map((line) => line.trim().split(/\s+/));
  const last = lines.filter(([word]) => word === 'search' || word === 'domain').at(-1) ?? [];
  const domains = last.slice(1).filter((domain) => domain !== '.');
  const searched = domains.map((domain) => `${host}.${domain}`);
  return host.includes('.') ? [host, ...searched] : [...searched, host];
}

const with4 = (address: string): LookupAddress => ({ address, family: 4 });
const with6 = (address: string): LookupAddress => ({ address, family: 6 });

/** hosts(5) */
export function inHosts(text: string, host: string): readonly LookupAddress[] {
  const wanted = host.toLowerCase();
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && names.includes(wanted) ? [{ address, family }] : [];
  });
}
