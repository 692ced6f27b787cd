/**
 * What instances and groups have in common: what they track, and whom they tell.
 */
import { trackWords } from './build-track';
import type { Notify, Track, Tracks } from './model';
import { printHook } from './print-hook';
import { block, entry, flag, onOff, type Printed } from './print-text';

const lists = Object.keys(trackWords) as readonly (keyof Tracks)[];

export const printTracks = (tracks: Tracks): readonly Printed[] =>
  lists.flatMap((list) => block([trackWords[list]], tracks[list].map(printTrack)));

/** The weight even where it is 0: what is tracked has one of its own, which this overrules. */
const printTrack = ({ name, weight, reverse }: Track): Printed =>
  entry(name, 'weight', weight, ...(reverse ? ['reverse'] : []));

interface Telling {
  readonly notify: Notify;
  readonly smtpAlert: boolean;
}

export const printNotify = ({ notify, smtpAlert }: Telling): readonly Printed[] => [
  ...printHook('notify_master', notify.master),
  ...printHook('notify_backup', notify.backup),
  ...printHook('notify_fault', notify.fault),
  ...printHook('notify_stop', notify.stop),
  ...printHook('notify', notify.any),
  ...printHook('notify_deleted', notify.deleted),
  // Without a command DELETED is told to the others all the same.
  ...flag('notify_deleted', notify.tellsDeleted && notify.deleted === null),
  ...printHook('notify_master_rx_lower_pri', notify.lowerAdvert),
  ...onOff('notify_priority_changes', notify.priorities),
  ...onOff('smtp_alert', smtpAlert),
];
