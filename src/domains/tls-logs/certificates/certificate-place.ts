/** The directory that names a certificate for `provision certs`, from the path of its file or of the version in use. */
export function certificatePlace(path: string): string {
  return path.replace(/\/(?:fullchain|cert)\.pem$/, '').replace(/(.)\/current$/, '$1');
}
