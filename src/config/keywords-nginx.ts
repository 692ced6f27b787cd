/**
 * The words of `nginx { }`: an nginx that holdfast supervises. A block of our own refuses what is
 * wrong in it: nobody's old file depends on that.
 */
import {
  block,
  boolean,
  flag,
  integer,
  names,
  path,
  type Row,
  rows,
  seconds,
  syntax,
  text,
} from './keyword-row';

const own = { reference: 'holdfast', invalid: 'error' } as const;
const from = (value: string) => ({ ...own, default: value });

const service: readonly Row[] = [
  ['binary', path, 'active', 'is the program', from('/usr/sbin/nginx')],
  ['config', path, 'active', 'is its configuration, handed over with -c', own],
  ['pid_file', path, 'active', 'is where it writes its pid', from('/run/nginx.pid')],
  ['systemd_unit', text, 'active', 'starts, reloads and stops it through systemd', own],
  ['probe', block, 'active', 'asks it whether it answers', { ...own, repeated: 'last' }],
  ['workers', integer(1, 65535), 'active', 'is how many must run', from('1')],
  [
    'on_failure',
    syntax(1, 2, 'fault|weight N'),
    'active',
    'is what it does to the instances',
    from('fault'),
  ],
  ['grace', seconds(0, 60), 'active', 'is how long the address waits for a start', from('0.2')],
  ['restart', block, 'active', 'limits the restarts', { ...own, repeated: 'last' }],
  ['start_on_master_only', flag, 'active', 'runs it only where the address is', own],
  ['instances', names, 'active', 'lists whom it concerns', { ...from('all'), repeated: 'last' }],
];

const probe: readonly Row[] = [
  [
    'url',
    syntax(1, 1, 'http[s]://address[:port][/path]'),
    'active',
    'is what is asked for',
    from('http://127.0.0.1/'),
  ],
  ['host', text, 'active', 'is the Host header', from('of the url')],
  ['status', syntax(1, 64, '100..599[-599] …'), 'active', 'is a good answer', from('200-399')],
  ['interval', seconds(0.01, 3600), 'active', 'is the time between', from('0.1')],
  ['timeout', seconds(0.01, 3600), 'active', 'is how long an answer may take', from('0.15')],
  ['rise', integer(1, 1000), 'active', 'is how many answers make it well', from('2')],
  ['fall', integer(1, 1000), 'active', 'is how many failures make it ill', from('2')],
  ['through_vip', boolean, 'active', 'asks through the virtual address too', from('off')],
];

const restart: readonly Row[] = [
  ['attempts', integer(1, 1000), 'active', 'is when it is given up', from('5')],
  ['within', seconds(1, 86400), 'active', 'is how long an attempt counts', from('60')],
  ['backoff', seconds(0.01, 3600), 'active', 'is the first pause; it doubles', from('1')],
];

export const nginxRows = [
  ...rows('nginx', service),
  ...rows('nginx probe', probe),
  ...rows('nginx restart', restart),
];
