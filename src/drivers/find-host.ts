/**
 * A host's name → its addresses, for a connection: /etc/hosts, then DNS, the name as it stands.
 * Not getaddrinfo: that waits for a dead name server in a thread which nobody can call back, and
 * the end of the process waits for the thread (10 s and more).
 */
import { type LookupAddress, promises } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

export interface Finder {
  /** For the `lookup` of node:net. */
  lookup(host: string, options: { readonly all?: boolean | undefined }, found: Found): void;
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
export function finder(hostsFile = '/etc/hosts', servers: readonly string[] = []): Finder {
  const resolver = new promises.Resolver({ timeout: serverPatience, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return {
    lookup: (host, { all }, found) => {
      const tell = (addresses: readonly LookupAddress[]): void => {
        const [first] = addresses;
        if (all || first === undefined) found(null, [...addresses]);
        else found(null, first.address, first.family);
      };
      addressesOf(host, hostsFile, resolver).then(tell, (failure: Error) => found(failure, []));
    },
    cancel: () => resolver.cancel(),
  };
}

/** At least one, or it rejects. */
async function addressesOf(
  host: string,
  hostsFile: string,
  resolver: promises.Resolver,
): Promise<readonly LookupAddress[]> {
  const known = inHosts(await readFile(hostsFile, 'utf8').catch(() => ''), host);
  if (known.length > 0) return known;
  // RFC 6761 §6.3: never a question to a name server.
  if (/^(.+\.)?localhost\.?$/i.test(host)) return [with4('127.0.0.1'), with6('::1')];
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value.map(with4) : []),
    ...(six.status === 'fulfilled' ? six.value.map(with6) : []),
  ];
  if (addresses.length === 0 && four.status === 'rejected') throw four.reason;
  return addresses;
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
