/**
 * Carries out the commands that are not the data plane's, and turns what comes of them into events.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Command, ControlCommand, PlaneCommand } from '../core/command';
import type { Event } from '../core/event';
import { isServiceCommand, type Want } from '../core/service-terms';
import { planeNow } from '../drivers/plane';
import { scripts } from '../drivers/script';
import { trackedFiles } from '../drivers/track-file';
import { processCensus } from './processes';
import { type Answer, serviceHands } from './services';
import { teller } from './tell';

export interface Hands {
  /** In force from the next command on. */
  configure(config: Config): void;
  obey(command: ControlCommand): void;
  /** What an operator asks of a supervised nginx; see services.ts. */
  askNginx(name: string | null, want: Want): Promise<Answer>;
  /** Ends what is watched and what runs for it; no event comes after it. */
  close(): void;
  /** What was still to be told has been, or cannot be in time. */
  settled(): Promise<void>;
}

export function hands(log: Logger, onEvent: (event: Event) => void): Hands {
  let config: Config | null = null;
  const tell = teller(log);
  const checks = scripts((script, { outcome, output }) => {
    onEvent({ kind: 'script-finished', at: planeNow(), script, outcome, output });
  });
  const census = processCensus(log, onEvent);
  const files = trackedFiles((file, value) => {
    onEvent({ kind: 'file-read', at: planeNow(), file, value });
  });
  const services = serviceHands(onEvent);
  return {
    configure: (next) => {
      config = next;
      services.configure(next);
      tell.configure(next);
    },
    askNginx: (name, want) => services.ask(name, want),
    obey: (command) => {
      if (isServiceCommand(command)) return services.obey(command);
      switch (command.kind) {
        case 'run-script': {
          const script = config?.scripts.find(({ name }) => name === command.script);
          if (config !== null && script !== undefined) checks.run(script, config.global);
          return;
        }
        case 'track-files':
          files.track(command.files);
          return;
        case 'count-processes':
          census.count(command.trackers);
          return;
        case 'notify':
          tell.tell(command);
          return;
      }
    },
    close: () => {
      checks.close();
      files.close();
      services.close();
      census.close();
    },
    settled: () => tell.settled(),
  };
}

/** Whose command it is: the data plane's, or ours. */
export function isPlanes(command: Command): command is PlaneCommand {
  if (isServiceCommand(command)) return false;
  switch (command.kind) {
    case 'open':
    case 'close':
    case 'advertise':
    case 'watch':
    case 'resign':
    case 'lease':
    case 'wake':
      return true;
    case 'run-script':
    case 'track-files':
    case 'count-processes':
    case 'notify':
      return false;
  }
}
