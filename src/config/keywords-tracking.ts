/**
 * The words of what instances track, and of the sync groups that track for their members.
 */
import {
  boolean,
  choice,
  command,
  entries,
  flag,
  integer,
  lenient,
  names,
  oldNameOf,
  once,
  optional,
  path,
  type Row,
  rows,
  seconds,
  syntax,
  user,
  weight,
} from './keyword-row';
import { fileWeightMax, weightMax } from './weight';

const countMax = 2147483647;
const processesMax = 65535;

export const scriptRows = rows('vrrp_script', [
  ['script', command, 'active', 'is the command; exit code 0 is success', lenient],
  ['interval', seconds(0, 4294), 'active', 'runs it every so many seconds', { default: '1' }],
  ['timeout', seconds(0, 4294), 'active', 'is how long one run may take', { default: 'interval' }],
  [
    'weight',
    weight(weightMax, true),
    'active',
    'moves the priority; 0 makes a failure a fault',
    { default: '0' },
  ],
  ['rise', integer(1, countMax), 'active', 'successes in a row to come up', { default: '1' }],
  ['fall', integer(1, countMax), 'active', 'failures in a row to go down', { default: '1' }],
  ['user', user, 'active', 'runs it as this user', { default: 'script_user' }],
  ['init_fail', flag, 'active', 'changes nothing, as in keepalived: the first result decides'],
]);

export const trackFileRows = rows('track_file', [
  ['file', path, 'active', 'is the file; a number stands in it', { ...lenient, ...once }],
  [
    'weight',
    weight(fileWeightMax),
    'active',
    'multiplies the number; 0 makes any but 0 a fault',
    { ...lenient, ...once, default: '1' },
  ],
  [
    'init_file',
    syntax(0, 2, '[number] [overwrite]'),
    'active',
    'writes a number to the file at the start',
    { default: 'not written; 0 without a number' },
  ],
]);

const delay = seconds(0.000001, 3600);

export const trackProcessRows = rows('vrrp_track_process', [
  [
    'process',
    syntax(1, Number.POSITIVE_INFINITY, 'name [arguments]'),
    'active',
    'is the process, by name or by its whole command line',
    once,
  ],
  [
    'param_match',
    optional(choice('none', 'exact', 'partial', 'initial')),
    'active',
    'says how its arguments are compared',
    { default: 'exact with arguments, else none' },
  ],
  [
    'weight',
    weight(fileWeightMax),
    'active',
    'moves the priority; 0 makes too few or too many a fault',
    { ...lenient, ...once, default: '0' },
  ],
  ['quorum', integer(1, processesMax), 'active', 'is how many must run', { default: '1' }],
  [
    'quorum_max',
    integer(0, processesMax),
    'active',
    'is how many may run; 0: none must',
    { default: 'no limit' },
  ],
  ['delay', delay, 'active', 'sets both delays', { default: '0' }],
  ['fork_delay', delay, 'active', 'waits before enough is believed', { default: '0' }],
  ['terminate_delay', delay, 'active', 'waits before too few is believed', { default: '0' }],
  ['full_command', flag, 'active', 'compares the whole command line'],
]);

const weighted = '[weight n [reverse|noreverse]]';

/** For instances and groups alike; `whom` is for the sentence. */
export const trackRows = (whom: string): readonly Row[] => [
  ['track_interface', entries('interface [weight n [reverse]]'), 'active', `watches links${whom}`],
  ['track_script', entries(`vrrp_script ${weighted}`), 'active', `watches scripts${whom}`],
  ['track_file', entries(`track_file ${weighted}`), 'active', `watches files${whom}`],
  [
    'track_process',
    entries(`vrrp_track_process ${weighted}`),
    'active',
    `watches processes${whom}`,
  ],
  ['track_bfd', entries(`bfd_instance ${weighted}`), 'decisive', `watches BFD neighbours${whom}`],
];

export const groupRows = rows('vrrp_sync_group', [
  ['group', names, 'active', 'lists the instances', once],
  ...trackRows(' for all members'),
  [
    'sync_group_tracking_weight',
    flag,
    'active',
    'lets the weights that members track move their priorities apart',
  ],
  [
    'global_tracking',
    flag,
    'active',
    'lets the weights that members track move their priorities apart',
    {
      ...oldNameOf('sync_group_tracking_weight'),
      old: 'sync_group_tracking_weight, or track_… in the group',
    },
  ],
  ['notify', command, 'active', 'runs a command at every change of state', once],
  ['notify_master', command, 'active', 'runs a command on becoming master', once],
  ['notify_backup', command, 'active', 'runs a command on becoming backup', once],
  ['notify_fault', command, 'active', 'runs a command on a fault', once],
  ['notify_stop', command, 'active', 'runs a command at the end', once],
  ['smtp_alert', boolean, 'active', 'sends a mail at every change of state'],
  ['notify_priority_changes', boolean, 'active', 'tells FIFOs of the priorities of its members'],
]);
