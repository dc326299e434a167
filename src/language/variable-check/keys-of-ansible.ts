const sums = 'stat.checksum is made as `checksum_algorithm` says, md5 too';

/** Keys that Ansible's modules register and ours do not, and what to do instead. */
export const keysOfAnsible: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stat: { 'stat.md5': sums },
};
