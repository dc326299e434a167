import { quote } from '../shell/quote.ts';
import { batches, ifSet, next, pathWord, setLines, setWords, type Word } from './path-arguments.ts';
import type { Place, TextWish } from './path-question.ts';
import { secretMark } from './secret-mark.ts';

// Variables: send0_1 is set while the second text of the first place may be sent, slow0_1 while its size is not known
// and cannot be read off the first lines of stat, for it is a link or its path has several lines.

/** A content that may have to be sent. */
export interface Text {
  readonly wish: TextWish;
  readonly place: Place;
  readonly n: number;
  /** Ends the names of its variables. */
  readonly id: string;
}

/** All contents that may have to be sent. */
export function textsOf(places: readonly Place[]): readonly Text[] {
  return places.flatMap((place, n) =>
    place.texts.map((wish, index) => ({ wish, place, n, id: `${n}_${index}` })),
  );
}

/** The path of a text, left out unless its content may be sent. */
export function textWord(text: Text): Word & { readonly text: Text } {
  return { ...pathWord(text.place, text.n, `send${text.id}`), text };
}

/** sh code that marks a text as one that may be sent, if it is a readable file. */
export function choiceCode({ id, n }: Text): string {
  const choice = `case \${link${n}+link}$path${n} in link*|*"$IFS"*) slow${id}= ;; *) send${id}= ;; esac`;
  return ifSet(`file${n}`, choice);
}

/** sh code that marks those texts of a place whose known sum `$1`, a line of sha256sum, does not have, and goes on. */
export function comparisonCode(n: number, texts: readonly Text[]): string {
  const cases = texts.map((text) => {
    const sum = quote(text.wish.unlessSum ?? '');
    return `case \${1-} in ${sum}*|\\\\${sum}*) ;; *) ${choiceCode(text)} ;; esac; `;
  });
  return ifSet(`file${n}`, `${cases.join('')}${next}`);
}

/** sh code that no longer marks a text that is too large, `$1` being its line of stat, and goes on. */
export function sizeCode({ id, n, wish }: Text): string {
  const size = `size=\${1#* * * }; [ "\${size%% *}" -le ${wish.most} ] || unset send${id}`;
  return ifSet(`send${id}`, `case \${1-} in *"\t$path${n}") ${size}; shift ;; *) unset send${id} ;; esac`);
}

/** sh code that sends the marked texts, but no private keys where they may not travel. */
export function sendingCode(texts: readonly Text[]): readonly string[] {
  return batches(texts.map(textWord)).flatMap((batch) => {
    const some = batch.map(({ text }) => text);
    const guarded = some.filter(({ wish }) => !wish.secrets);
    return [
      setWords(some.map(({ place, n, id }) => pathWord(place, n, `slow${id}`))),
      'if [ $# != 0 ]; then',
      setLines('$(stat -L -c %s -- "$@")'),
      ...some.map(({ id, wish }) =>
        ifSet(`slow${id}`, `[ "\${1:-x}" -le ${wish.most} ] 2>/dev/null && send${id}=; ${next}`),
      ),
      'fi',
      ...(guarded.length > 0 ? guardCode(guarded) : []),
      ...some.map(({ id, n }) =>
        ifSet(`send${id}`, `printf 'content ${id} '; base64 -- "$path${n}"; printf ' %s' "$?"; part content`),
      ),
    ];
  });
}

function guardCode(texts: readonly Text[]): readonly string[] {
  return [
    setWords(texts.map(textWord)),
    'if [ $# != 0 ]; then',
    setLines(`$(grep -c -h -a -e ${quote(secretMark)} -- "$@")`),
    ...texts.map(({ id }) => ifSet(`send${id}`, `[ "\${1-}" = 0 ] || unset send${id}; ${next}`)),
    'fi',
  ];
}
