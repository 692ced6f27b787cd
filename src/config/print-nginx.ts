/**
 * `nginx { }` with every default spelled out; also as a proposal, with what was left to choose.
 */
import { toSeconds } from '../time';
import type { Nginx, Probe } from './model-nginx';
import { block, entries, flag, line, onOff, type Printed } from './print-text';

export const printNginx = (nginx: Nginx): readonly Printed[] =>
  block(
    ['nginx', nginx.name],
    [
      ...line('binary', nginx.binary),
      ...line('config', nginx.config),
      ...line('pid_file', nginx.pidFile),
      ...line('systemd_unit', nginx.systemdUnit),
      ...(nginx.probe === null ? [] : printProbe(nginx.probe)),
      ...line('workers', nginx.workersMin),
      ...(nginx.weight === 0
        ? line('on_failure', 'fault')
        : line('on_failure', 'weight', nginx.weight)),
      ...line('grace', toSeconds(nginx.grace)),
      ...block(
        ['restart'],
        [
          ...line('attempts', nginx.restart.attempts),
          ...line('within', toSeconds(nginx.restart.within)),
          ...line('backoff', toSeconds(nginx.restart.backoff)),
        ],
      ),
      ...flag('start_on_master_only', nginx.masterOnly),
      ...(nginx.instances === null
        ? []
        : [{ words: ['instances'], body: entries(nginx.instances) }]),
    ],
  );

const printProbe = (probe: Probe): readonly Printed[] =>
  block(
    ['probe'],
    [
      ...line('url', urlOf(probe)),
      ...line('host', probe.host),
      ...line('status', ...probe.status.map(rangeText)),
      ...line('interval', toSeconds(probe.interval)),
      ...line('timeout', toSeconds(probe.timeout)),
      ...line('rise', probe.rise),
      ...line('fall', probe.fall),
      ...onOff('through_vip', probe.throughVip),
    ],
  );

export const urlOf = ({ tls, address, port, path }: Probe): string => {
  const where = address.includes(':') ? `[${address}]` : address;
  return `${tls ? 'https' : 'http'}://${where}:${port}${path}`;
};

const rangeText = ([low, high]: readonly [number, number]): string =>
  low === high ? `${low}` : `${low}-${high}`;
