/** What apt finds on hosts of labs that ask for more: one list for all, since each list is an image of its own. */
export const morePackages = [
  'certbot',
  'python3-certbot-dns-cloudflare',
  'pebble',
  'opendoas',
  'nginx',
  'libnginx-mod-stream',
  'rsync',
];
