/**
 * Text that went through a web page or a word processor has dashes and quotes that look right and
 * mean nothing to a program: `ps –no-heading` counts no process, ever.
 */
import type { Built } from '../build';
import { checkScript } from '../check-script';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, type PlacedCommand, partOf } from '../places';
import { type Source, type Span, spanOf } from '../source';

const dash = /(?<![^\s"'`])[–—−]-?[A-Za-z]\S*/u;
const quote = /[“”‘’]/u;

export function typographic(built: Built, host: Host): readonly Diagnostic[] {
  return commandsOf(built).flatMap((placed) => {
    const found = inCommand(placed) ?? inScript(placed, host);
    return found === null ? [] : [found];
  });
}

function inCommand({ argv, span }: PlacedCommand): Diagnostic | null {
  const quoted = argv.find((word) => quote.test(word));
  if (quoted !== undefined) {
    return warning(
      'typographic',
      partOf(span, quoted),
      `'${quoted}' has a quote that quotes nothing`,
      {
        why: 'it is a letter like any other, and part of the word',
        help: 'the plain " of the keyboard',
      },
    );
  }
  const dashed = argv.find((word) => new RegExp(`^${dash.source}`, 'u').test(word));
  return dashed === undefined ? null : badDash(dashed, partOf(span, dashed), null);
}

function inScript({ argv, span, script }: PlacedCommand, host: Host): Diagnostic | null {
  const text = script === null ? null : checkScript(argv, host);
  if (text === null || text.file === null) return null;
  // Comments may have what they like.
  const match = dash.exec(text.text.replace(/^\s*#.*$/gm, (line) => ' '.repeat(line.length)));
  if (match === null) return null;
  const [word] = match;
  return badDash(word, span, { file: text.file, at: match.index });
}

function badDash(
  word: string,
  span: Span,
  place: { readonly file: Source; readonly at: number } | null,
): Diagnostic {
  const related = place === null ? [] : [spanOf(place.file, place.at, place.at + word.length)];
  return warning('typographic', span, `'${word}' begins with a dash that begins no option`, {
    why: 'a program takes it for a name: what it prints is not what the check counts on',
    help: `-- and the name: '${word.replace(/^[–—−]-?/u, '--')}'`,
    related: related.map((one) => ({ span: one, what: 'it stands here' })),
  });
}
