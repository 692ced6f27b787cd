/**
 * The servers behind a virtual server, settled together: one family except through tunnels, no
 * server twice, and a sorry server that agrees with its twin among the real ones.
 */
import { isTunnel, type Placed } from './build-real-server';
import { familiesOf } from './build-server-group';
import { type Report, warning } from './diagnostic';
import { parseIp } from './ip';
import type { Family } from './model';
import type { Forwarding, RealServer, ServerGroup, SorryServer, Target } from './model-server';
import type { Reading } from './read';
import type { Span } from './source';
import { directiveOf, isSet, placeOf, textOf } from './values';

export interface PoolInput {
  readonly target: Target;
  readonly group: ServerGroup | null;
  readonly reading: Reading;
  readonly servers: readonly Placed<RealServer>[];
  readonly sorry: Placed<SorryServer> | null;
  readonly report: Report;
}

export interface Pool {
  /** null: both, through tunnels. */
  readonly family: Family | null;
  readonly realServers: readonly RealServer[];
  readonly sorryServer: SorryServer | null;
}

/** Null: nothing is left; why has been said. */
export function settlePool(input: PoolInput): Pool | null {
  const { reading, servers, sorry, report } = input;
  const family = familyOf(input);
  const fits = ({ server, ip, place }: Placed<{ readonly method: Forwarding }>): boolean => {
    if (isTunnel(server.method) || ip.family === family) return true;
    reportFamily(ip.family, family, place, report);
    return false;
  };
  const realServers = withoutDoubles(servers.filter(fits), report);
  if (realServers.length > 0) {
    const sorryServer = sorry !== null && fits(sorry) ? sorry.server : null;
    reportGroupPorts(input, realServers);
    return {
      family,
      realServers,
      sorryServer: settleSorry(sorryServer, realServers, reading, report),
    };
  }
  report(
    warning('no-real-servers', reading.span, 'this virtual_server has no real servers', {
      label: 'left out',
      help: servers.length === 0 ? 'real_server IP PORT { … }' : null,
    }),
  );
  return null;
}

/** An address and a group know it; a fwmark has that of its servers unless it says so. */
function familyOf({ target, group, reading, servers, report }: PoolInput): Family | null {
  const said = textOf(reading, 'ip_family');
  const wanted: Family | null = said === null ? null : said === 'inet' ? 4 : 6;
  const own = target.kind === 'address' ? (parseIp(target.address)?.family ?? 4) : null;
  const families = [...familiesOf(group?.entries ?? [])];
  const known = own ?? (families.length === 1 ? families[0] : undefined);
  if (known !== undefined) {
    if (wanted !== null && wanted !== known) {
      report(
        warning('family-mismatch', placeOf(reading, 'ip_family'), 'the address says otherwise', {
          label: `IPv${known} counts`,
        }),
      );
    }
    return known;
  }
  if (families.length === 2) return null;
  const granularity = textOf(reading, 'persistence_granularity');
  const masked = granularity === null ? null : granularity.includes('.') ? 4 : 6;
  const first = servers.find(({ server }) => !isTunnel(server.method))?.ip.family;
  const tunnelled = new Set(servers.map(({ ip }) => ip.family));
  return wanted ?? masked ?? first ?? (tunnelled.size === 1 && tunnelled.has(6) ? 6 : 4);
}

function reportFamily(found: Family, family: Family | null, place: Span, report: Report): void {
  report(
    warning('family-mismatch', place, `an IPv${found} server cannot do this work`, {
      label: 'left out',
      why:
        family === null
          ? 'the group has addresses of both families, so every server needs a tunnel'
          : `the virtual server is IPv${family}, and only a tunnel leads from one to the other`,
    }),
  );
}

function withoutDoubles(
  servers: readonly Placed<RealServer>[],
  report: Report,
): readonly RealServer[] {
  const seen = new Map<string, Span>();
  return servers.flatMap(({ server, place }) => {
    const key = `${server.address} ${server.port}`;
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, place);
      return [server];
    }
    report(
      warning('duplicate-server', place, `real_server ${key} is there already`, {
        label: 'left out',
        related: [{ span: before, what: 'this one counts' }],
      }),
    );
    return [];
  });
}

/** keepalived does not correct these: a group may have many ports. */
function reportGroupPorts(
  { group, servers, report }: PoolInput,
  kept: readonly RealServer[],
): void {
  const ports = (group?.entries ?? []).flatMap((one) => (one.kind === 'addresses' ? one.port : []));
  const keptOnes = new Set(kept);
  for (const { server, place } of servers) {
    if (server.method.kind === 'nat' || server.port === 0 || !keptOnes.has(server)) continue;
    if (ports.every((port) => port === server.port)) continue;
    report(
      warning('port-differs', place, `port ${server.port} is not that of the whole group`, {
        label: 'the port stays as it is',
        why: 'only lvs_method NAT changes the port of a packet',
      }),
    );
  }
}

function settleSorry(
  sorry: SorryServer | null,
  realServers: readonly RealServer[],
  reading: Reading,
  report: Report,
): SorryServer | null {
  if (sorry === null) return null;
  const twin = realServers.find(
    ({ address, port }) => address === sorry.address && port === sorry.port,
  );
  if (twin === undefined || twin.inhibit === sorry.inhibit) return sorry;
  const word = isSet(reading, 'sorry_server_inhibit') ? 'sorry_server_inhibit' : 'sorry_server';
  const place = directiveOf(reading, word)?.keyword.span ?? reading.span;
  report(
    warning('sorry-server-inhibit', place, 'this sorry server is a real server too', {
      label: `${twin.inhibit ? 'inhibited' : 'not inhibited'}, as that one`,
      why: 'the kernel has one entry for both',
    }),
  );
  return { ...sorry, inhibit: twin.inhibit };
}
