const secretName = `[A-Za-z0-9_.-]*(?:pass|pwd|secret|token|credential|api_?key)[A-Za-z0-9_.-]*`;
const named = new RegExp(String.raw`^(\s*(?:-\s+)?["']?(${secretName})["']?\s*[:=]\s*)(\S.*)$`, 'gim');
const inBrackets = new RegExp(String.raw`([{[,]\s*["']?(${secretName})["']?\s*[:=]\s*)([^,}\]\n]+)`, 'gi');
const inAddress = /(:\/\/[^/\s:@]*:)([^/\s@]+)(?=@)/g;

/** The texts of a file before and after an edit as a diff may show them: without what its names call a secret. */
export function shownCompose(
  before: string,
  after: string,
): { readonly before: string; readonly after: string } {
  const known = new Map<string, string>();
  const hidden = (head: string, name: string, value: string) => {
    const old = known.get(name);
    known.set(name, old ?? value);
    return `${head}${old === undefined || old === value ? '<hidden>' : '<hidden, changed>'}`;
  };
  const masked = (text: string) =>
    text
      .replaceAll(named, (all, head: string, name: string, value: string) =>
        isPlace(value) ? all : hidden(head, name, value),
      )
      .replaceAll(inBrackets, (all, head: string, name: string, value: string) =>
        isPlace(value) ? all : hidden(head, name, value),
      )
      .replaceAll(inAddress, '$1<hidden>');
  return { before: masked(before), after: masked(after) };
}

// A path, a variable of Compose, nothing at all or what is hidden already.
function isPlace(value: string): boolean {
  return /^["']?(\/|\.\/|\$\{?\w|<hidden|#|$)/.test(value);
}
