/**
 * What the nginx check of the tutorials really does: on keepalived 2.x the timeout ends it in its
 * own sleep, so it never stops keepalived, and the weight beside it is too small to move anything.
 */
import { formatDuration } from '../../time';
import { whyEqualWaits } from '../arithmetic';
import type { Built } from '../build';
import { writtenAs } from '../check-script';
import { type ClassicCheck, classicChecks } from '../classic-check';
import { type Diagnostic, type Related, warning } from '../diagnostic';
import type { Host } from '../host';
import { instancesOf, type PlacedInstance } from '../places';
import { proposedNginx } from '../propose-nginx';
import type { ShellCommand } from '../shell';
import { locate, spanOf } from '../source';
import { isSet } from '../values';
import { factorsOf, priorityRange } from '../weights';

export function classicNginx(built: Built, host: Host): readonly Diagnostic[] {
  const checks = [...classicChecks(built, host).values()];
  const trackers = checks.length === 0 ? new Map<string, PlacedInstance>() : trackersOf(built);
  return checks.map((check) => {
    const why = [whatHappens(built, check), whatFollows(trackers, check)];
    return warning('classic-nginx-check', check.span, whatItIs(check), {
      label: check.endsIn === null ? null : 'ended before it is done',
      why: why.filter((one) => one !== '').join('; '),
      help: help(built, check),
      related: [
        ...see(check, check.endsIn, 'the timeout ends it here'),
        ...see(check, check.stops, check.endsIn === null ? 'stops keepalived' : 'never reached'),
      ],
    });
  });
}

function whatItIs({ script, stops }: ClassicCheck): string {
  const does = stops === null ? 'starts nginx itself' : 'is the nginx check of the tutorials';
  return `'${script.name}' ${does}`;
}

function whatHappens(built: Built, check: ClassicCheck): string {
  const { script, endsIn, stops, starts } = check;
  if (endsIn !== null) {
    const reading = built.scripts.get(script.name);
    const given = reading !== undefined && isSet(reading, 'timeout');
    const from = given ? 'its timeout' : 'its interval, as no timeout is given';
    const timeout = `${formatDuration(script.timeout)} (${from})`;
    const lost = stops === null ? '' : `, before it comes to ${at(check, stops)}`;
    return `with nginx down a run is ended after ${timeout} in ${at(check, endsIn)}${lost}`;
  }
  if (stops !== null) {
    return (
      `${at(check, stops)} stops the daemon for good, as nothing starts it again, ` +
      'and does not stop holdfast'
    );
  }
  return starts === null
    ? ''
    : `it starts nginx on a BACKUP as on a master, after every stop, with ${at(check, starts)}`;
}

/** The first instance that tracks a script. */
function trackersOf(built: Built): ReadonlyMap<string, PlacedInstance> {
  const trackers = new Map<string, PlacedInstance>();
  for (const placed of instancesOf(built)) {
    for (const { kind, name } of factorsOf(placed.instance, placed.group)) {
      if (kind === 'script' && !trackers.has(name)) trackers.set(name, placed);
    }
  }
  return trackers;
}

/** What the failed run does to the election, in numbers. */
function whatFollows(
  trackers: ReadonlyMap<string, PlacedInstance>,
  { script, endsIn }: ClassicCheck,
): string {
  const placed = trackers.get(script.name);
  if (endsIn === null || placed === undefined) return '';
  const { allWell, singles } = priorityRange(placed.instance, placed.group);
  const single = singles.find(
    ({ factor }) => factor.kind === 'script' && factor.name === script.name,
  );
  if (single === undefined) return '';
  if (single.to === 'fault') return 'that run counts as failed, and the addresses go';
  const equal = whyEqualWaits(placed.instance, Number(allWell), single.to);
  return `that run counts as failed and takes ${allWell} to ${single.to}: ${equal}`;
}

/** As written and where: 'sleep 3' (line 5). */
function at({ text }: ClassicCheck, command: ShellCommand): string {
  const { file } = text;
  if (file === null) return `'${writtenAs(text, command)}'`;
  const { line } = locate(spanOf(file, command.start, command.end));
  return `'${writtenAs(text, command)}' (line ${line})`;
}

function see(check: ClassicCheck, command: ShellCommand | null, what: string): readonly Related[] {
  const { file } = check.text;
  if (file === null || command === null) return [];
  return [{ span: spanOf(file, command.start, command.end), what }];
}

function help(built: Built, { text }: ClassicCheck): string {
  return built.nginxes.length === 0
    ? `in place of the script, let holdfast watch nginx:\n${proposedNginx(text.text)}`
    : `nginx { } does all of this already: leave the script out, and its track_script lines`;
}
