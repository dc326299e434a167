/** An image as docker names it. */
export interface ImageName {
  readonly repository: string;
  /** A tag, or a digest. */
  readonly tag: string | undefined;
}

/** Whether a name is the identity of an image. */
export function isImageId(name: string): boolean {
  return /^sha256:[0-9a-fA-F]{1,64}$/.test(name);
}

/** Takes a tag or a digest off a name; a colon before a slash is a port. */
export function readImageName(text: string): ImageName {
  const [, before, digest] = /^([^@]+)@(.+)$/.exec(text) ?? [];
  if (before !== undefined) return { repository: before, tag: digest };
  const [, repository = text, tag] = /^(.+):([^:/]+)$/.exec(text) ?? [];
  return { repository, tag };
}

/** The name with its tag or digest. */
function imageNameText({ repository, tag }: ImageName): string {
  if (tag === undefined) return repository;
  return `${repository}${tag.includes(':') ? '@' : ':'}${tag}`;
}

/** What is meant by a name with a tag beside it, `latest` where neither says one. */
export function fullImageName(name: string, tag = 'latest'): string {
  if (isImageId(name)) return name;
  const read = readImageName(name);
  return imageNameText({ ...read, tag: read.tag ?? tag });
}
