/**
 * A vrrp_script that nothing tracks never runs; most often a line in track_script is missing.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import { trackedScripts } from '../places';

export function unusedScript(built: Built): readonly Diagnostic[] {
  const used = trackedScripts(built);
  return built.config.scripts
    .filter(({ name }) => !used.has(name))
    .flatMap(({ name }) => {
      const reading = built.scripts.get(name);
      if (reading === undefined) return [];
      return [
        warning('unused-script', reading.span, `nothing tracks vrrp_script '${name}'`, {
          label: 'never run',
          help: `track_script { ${name} } in a vrrp_instance`,
        }),
      ];
    });
}
