/**
 * Everything in a file that instances can track, read before them: scripts, files, processes. BFD
 * neighbours are built with the servers, which track them as well.
 */
import { buildTrackFile, buildTrackProcess } from './build-objects';
import { buildScript } from './build-script';
import type { Trackable } from './build-track';
import type { Context } from './keywords';
import type { Script, User } from './model';
import type { Bfd } from './model-server';
import type { TrackFile, TrackProcess } from './model-tracking';
import type { Reading, Session } from './read';

/** Where the named blocks of one kind stand in the file. */
export type Readings = ReadonlyMap<string, Reading>;

export interface Tracked extends Trackable {
  readonly scripts: ReadonlyMap<string, Script>;
  readonly files: ReadonlyMap<string, TrackFile>;
  readonly processes: ReadonlyMap<string, TrackProcess>;
  /** only those that tell instances. */
  readonly bfds: ReadonlyMap<string, Bfd>;
  /** also of those that could not be built. */
  readonly places: {
    readonly scripts: Readings;
    readonly files: Readings;
    readonly processes: Readings;
    readonly bfds: Readings;
  };
}

/** Without the BFD neighbours, which the servers need the files for. */
export type Objects = Omit<Tracked, 'bfds'>;

export function readObjects(
  readNamed: (within: Context) => Readings,
  scriptUser: User | null,
  session: Session,
): Objects {
  const { report } = session;
  const places = {
    scripts: readNamed('vrrp_script'),
    files: readNamed('track_file'),
    processes: readNamed('vrrp_track_process'),
    bfds: readNamed('bfd_instance'),
  };
  return {
    scripts: built(places.scripts, (name, reading) =>
      buildScript(name, reading, scriptUser, report),
    ),
    files: built(places.files, (name, reading) => buildTrackFile(name, reading, report)),
    processes: built(places.processes, (name, reading) => buildTrackProcess(name, reading, report)),
    places,
  };
}

export const trackedWith = (objects: Objects, bfds: readonly Bfd[]): Tracked => ({
  ...objects,
  bfds: new Map(bfds.flatMap((bfd) => (bfd.tellsInstances ? [[bfd.name, bfd]] : []))),
});

function built<T>(
  readings: Readings,
  make: (name: string, reading: Reading) => T | null,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [name, reading] of readings) {
    const one = make(name, reading);
    if (one !== null) found.set(name, one);
  }
  return found;
}
