/**
 * Stopping the daemon is how old checks gave the addresses up. Nothing starts it again, and with
 * holdfast in keepalived's place it stops nothing at all.
 */
import type { Built } from '../build';
import { checkScript, writtenAs } from '../check-script';
import { classicChecks, stopsKeepalived } from '../classic-check';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { checksOf } from '../places';
import { spanOf } from '../source';

export function stopsKeepalivedItself(built: Built, host: Host): readonly Diagnostic[] {
  const classic = classicChecks(built, host);
  return checksOf(built).flatMap(({ argv, span, script }) => {
    const text = classic.has(script.name) ? null : checkScript(argv, host);
    const stop = text?.commands.find(
      ({ words, unreachable }) => !unreachable && stopsKeepalived(words),
    );
    if (text === null || stop === undefined) return [];
    const { file } = text;
    return [
      warning('stops-keepalived', span, `'${script.name}' stops keepalived`, {
        why:
          `nothing starts the daemon again after '${writtenAs(text, stop)}', ` +
          'and it does not stop holdfast',
        help: 'exit 1, and no weight: a failure is a fault then, and ends by itself',
        related:
          file === null
            ? []
            : [{ span: spanOf(file, stop.start, stop.end), what: 'it does so here' }],
      }),
    ];
  });
}
