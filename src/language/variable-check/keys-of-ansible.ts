const looksOnly = 'the content of a file is not looked at: `command: file --brief --mime-type PATH` says it';
const sums = 'stat.checksum is made as `checksum_algorithm` says, md5 too';
const attributes = '`command: lsattr -d PATH` says it';

/** Keys that Ansible's modules register and ours do not, and what to do instead. */
export const keysOfAnsible: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stat: {
    'stat.mimetype': looksOnly,
    'stat.mime_type': looksOnly,
    'stat.charset': '`command: file --brief --mime-encoding PATH` says it',
    'stat.md5': sums,
    'stat.attributes': attributes,
    'stat.attr_flags': attributes,
    'stat.version': attributes,
  },
};
