/**
 * What can be tracked besides scripts: track_file and vrrp_track_process. One that names no file
 * or command tracks nothing and is left out, as in keepalived.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import type { InitialValue, ParameterMatch, TrackFile, TrackProcess } from './model-tracking';
import type { Word } from './parser';
import type { Reading } from './read';
import { isBefore } from './source';
import { directiveOf, durationOf, isSet, numberOf, placeOf, textOf, weightOf } from './values';

const intMax = 2147483647;

export function buildTrackFile(name: string, reading: Reading, report: Report): TrackFile | null {
  const file = textOf(reading, 'file');
  if (file === null) {
    reportEmpty('track_file', name, 'file', 'file /path/to/file', reading, report);
    return null;
  }
  const { weight, reverse } = weightOf(reading, 'weight') ?? { weight: 1, reverse: false };
  return { name, file, weight, reverse, initial: initialOf(reading, report) };
}

function reportEmpty(
  kind: string,
  name: string,
  word: string,
  help: string,
  reading: Reading,
  report: Report,
): void {
  // A value that could not be read has been reported where it stands.
  if (reading.attempted.has(word)) return;
  report(
    warning('nothing-to-track', reading.span, `${kind} ${name} has no ${word}`, {
      label: 'left out',
      help,
    }),
  );
}

/** `[number] [overwrite]`, in whatever order. */
function initialOf(reading: Reading, report: Report): InitialValue | null {
  const directive = directiveOf(reading, 'init_file');
  if (directive === null) return null;
  let value = 0;
  let overwrite = false;
  for (const word of directive.words.slice(0, 2)) {
    if (word.text === 'overwrite') overwrite = true;
    else value = initialNumber(word, report) ?? value;
  }
  return { value, overwrite };
}

function initialNumber(word: Word, report: Report): number | null {
  const number = /^[+-]?\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (number >= -intMax - 1 && number <= intMax) return number === 0 ? 0 : number;
  const digits = Number.isNaN(number);
  report(
    warning(
      digits ? 'not-a-number' : 'out-of-range',
      word.span,
      digits
        ? `init_file takes a number and 'overwrite', found '${word.text}'`
        : `init_file must be ${-intMax - 1}..${intMax}, found ${word.text}`,
      { label: 'ignored' },
    ),
  );
  return null;
}

export function buildTrackProcess(
  name: string,
  reading: Reading,
  report: Report,
): TrackProcess | null {
  const command = directiveOf(reading, 'process')?.words.map(({ text }) => text) ?? [];
  if (command.length === 0) {
    reportEmpty('vrrp_track_process', name, 'process', 'process nginx', reading, report);
    return null;
  }
  const { weight, reverse } = weightOf(reading, 'weight') ?? { weight: 0, reverse: false };
  const match = matchOf(reading, command.length > 1);
  // Arguments stand only on the command line.
  const fullCommand = isSet(reading, 'full_command') || match !== 'any';
  if (!fullCommand) reportUnmatched(command[0] ?? '', reading, report);
  return {
    name,
    process: command,
    match,
    fullCommand,
    weight,
    reverse,
    ...quorumOf(reading, report),
    forkDelay: delayOf(reading, 'fork_delay'),
    terminateDelay: delayOf(reading, 'terminate_delay'),
  };
}

/** The kernel keeps 15 octets of a program's name, and none of its path (TASK_COMM_LEN). */
const commMax = 15;

function reportUnmatched(program: string, reading: Reading, report: Report): void {
  const length = Buffer.byteLength(program);
  const isPath = program.startsWith('/');
  if (length <= commMax && !isPath) return;
  const base = program.slice(program.lastIndexOf('/') + 1);
  const isShort = Buffer.byteLength(base) <= commMax;
  report(
    warning('unmatched-process', placeOf(reading, 'process'), `no process is called '${program}'`, {
      label: 'none will ever be counted',
      why: isPath
        ? 'without full_command the name of the process is compared, which is no path'
        : `the kernel keeps ${commMax} octets of a name, and this one has ${length}`,
      help: isPath && isShort ? `process ${base}, or full_command` : 'full_command',
    }),
  );
}

/** Arguments count all; param_match without any means that there must be none. */
function matchOf(reading: Reading, hasArguments: boolean): ParameterMatch {
  if (!hasArguments) return isSet(reading, 'param_match') ? 'exact' : 'any';
  const word = textOf(reading, 'param_match');
  return word === 'partial' || word === 'initial' ? word : 'exact';
}

/** Its own word, or the one for both; the last one counts. */
function delayOf(reading: Reading, word: string): Duration {
  const [own, both] = [durationOf(reading, word), durationOf(reading, 'delay')];
  const isOwnLast = isBefore(placeOf(reading, 'delay'), placeOf(reading, word));
  return (own !== null && (both === null || isOwnLast) ? own : both) ?? seconds(0);
}

/** keepalived leaves out the one that comes second when the two contradict. */
function quorumOf(reading: Reading, report: Report): Pick<TrackProcess, 'quorum' | 'quorumMax'> {
  const quorum = numberOf(reading, 'quorum');
  const quorumMax = numberOf(reading, 'quorum_max');
  // quorum_max 0 says that none must run, whatever the quorum.
  if (quorum === null || quorumMax === null || quorumMax === 0 || quorum <= quorumMax) {
    return { quorum: quorum ?? 1, quorumMax };
  }
  const [first, second] = [placeOf(reading, 'quorum'), placeOf(reading, 'quorum_max')];
  const isMaxLast = isBefore(first, second);
  report(
    warning(
      'quorum-above-max',
      isMaxLast ? second : first,
      `quorum ${quorum} is more than quorum_max ${quorumMax}`,
      {
        label: 'ignored',
        related: [{ span: isMaxLast ? first : second, what: 'this one counts' }],
      },
    ),
  );
  return isMaxLast ? { quorum, quorumMax: null } : { quorum: 1, quorumMax };
}
