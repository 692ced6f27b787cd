/**
 * The words of vrrp_script and of vrrp_sync_group.
 */
import {
  any,
  boolean,
  command,
  flag,
  integer,
  lines,
  names,
  rows,
  seconds,
  user,
  words,
} from './keyword-row';

export const scriptRows = rows('vrrp_script', [
  ['script', command, 'active', 'is the command; exit code 0 is success'],
  ['interval', seconds(0, 4294), 'active', 'runs it every so many seconds', { default: '1' }],
  ['timeout', seconds(0, 4294), 'active', 'is how long one run may take', { default: 'interval' }],
  ['weight', words(1), 'active', 'moves the priority; 0 makes a failure a fault', { default: '0' }],
  ['rise', integer(1, 2147483647), 'active', 'successes in a row to come up', { default: '1' }],
  ['fall', integer(1, 2147483647), 'active', 'failures in a row to go down', { default: '1' }],
  ['user', user, 'active', 'runs it as this user', { default: 'script_user' }],
  ['init_fail', flag, 'accepted', 'starts as failed (without effect in keepalived too)'],
]);

export const groupRows = rows('vrrp_sync_group', [
  ['group', names, 'active', 'lists the instances'],
  ['track_interface', lines, 'active', 'watches links for all members'],
  ['track_script', lines, 'active', 'watches scripts for all members'],
  ['track_file', lines, 'decisive', 'watches files for all members'],
  ['track_process', lines, 'decisive', 'watches processes for all members'],
  ['track_bfd', lines, 'decisive', 'watches BFD neighbours for all members'],
  ['sync_group_tracking_weight', flag, 'active', 'lets weights count inside the group'],
  ['global_tracking', flag, 'active', 'lets weights count inside the group'],
  ['notify', command, 'active', 'runs a command at every change of state'],
  ['notify_master', command, 'active', 'runs a command on becoming master'],
  ['notify_backup', command, 'active', 'runs a command on becoming backup'],
  ['notify_fault', command, 'active', 'runs a command on a fault'],
  ['notify_stop', command, 'active', 'runs a command at the end'],
  ['smtp_alert', boolean, 'accepted', 'sends a mail at every change of state'],
  ['notify_priority_changes', any, 'accepted', 'tells notify about the priority too'],
]);
