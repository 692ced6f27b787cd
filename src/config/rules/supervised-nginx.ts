/**
 * What an `nginx { }` says of this host: its program must be there, and the pid file must be the
 * one that nginx writes, or a living nginx would be taken for a dead one.
 */
import type { Built } from '../build';
import type { PlacedNginx } from '../build-nginx';
import { type Diagnostic, error, type Related, warning } from '../diagnostic';
import type { Host } from '../host';
import { isSet, placeOf } from '../values';

export function supervisedNginx(built: Built, host: Host): readonly Diagnostic[] {
  return built.nginxes.flatMap((placed, i) => [
    ...program(placed, host),
    ...pidFile(placed, host),
    ...virtualAddress(built, placed),
    ...sharedPidFile(placed, built.nginxes.slice(0, i)),
  ]);
}

const placed = ({ reading }: PlacedNginx, word: string) =>
  isSet(reading, word) ? placeOf(reading, word) : reading.span;

function program(one: PlacedNginx, host: Host): readonly Diagnostic[] {
  const { binary } = one.nginx;
  const kind = host.program(binary)?.kind;
  if (kind !== 'missing' && kind !== 'not-executable') return [];
  const what =
    kind === 'missing' ? `there is no '${binary}' on this host` : `'${binary}' cannot be run`;
  return [
    warning('missing-nginx', placed(one, 'binary'), what, {
      why: 'an nginx that cannot be started is down, and the addresses go',
      help: 'binary /path/to/nginx',
    }),
  ];
}

/** Where Debian's and nginx.org's packages look. */
const CONFIG_DEFAULT = '/etc/nginx/nginx.conf';

function pidFile(one: PlacedNginx, host: Host): readonly Diagnostic[] {
  const { nginx } = one;
  const file = nginx.config ?? CONFIG_DEFAULT;
  const read = host.files.read(file);
  if (read.kind !== 'text') return [];
  const written = /^\s*pid\s+["']?([^\s;"']+)["']?\s*;/m.exec(read.text.replace(/#.*/g, ''))?.[1];
  if (written === undefined || !written.startsWith('/')) return [];
  // On Debian /var/run is another name of /run.
  const plain = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
  if (plain(written) === plain(nginx.pidFile)) return [];
  return [
    warning('other-pid-file', placed(one, 'pid_file'), `${file} says 'pid ${written}'`, {
      label: `${nginx.pidFile} is where it is looked for`,
      why: 'an nginx whose pid file is not found is taken for dead',
      help: `pid_file ${written}`,
    }),
  ];
}

/** A probe through an address that nobody will ever hold asks nobody. */
function virtualAddress(built: Built, one: PlacedNginx): readonly Diagnostic[] {
  const { probe, instances } = one.nginx;
  if (probe?.throughVip !== true) return [];
  const concerned = built.config.instances.filter(
    ({ name }) => instances === null || instances.includes(name),
  );
  if (concerned.some(({ addresses, excluded }) => addresses.length + excluded.length > 0))
    return [];
  return [
    warning('no-vip-to-probe', placed(one, 'probe'), 'through_vip without a virtual address', {
      label: 'asks nobody',
      help: 'virtual_ipaddress { … } in one of its instances',
    }),
  ];
}

function sharedPidFile(one: PlacedNginx, before: readonly PlacedNginx[]): readonly Diagnostic[] {
  const other = before.find(({ nginx }) => nginx.pidFile === one.nginx.pidFile);
  if (other === undefined) return [];
  const related: readonly Related[] = [{ span: placed(other, 'pid_file'), what: 'it has it too' }];
  return [
    error(
      'shared-pid-file',
      placed(one, 'pid_file'),
      `nginx '${other.nginx.name}' has the same pid file`,
      { why: 'both would be the same process', help: 'pid_file /run/other.pid', related },
    ),
  ];
}
