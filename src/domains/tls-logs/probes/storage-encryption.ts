import { quote } from '../../../shell/quote.ts';

/** How what lies on a disk is encrypted; `none` also where nothing is known of it. */
const storageEncryptions = [
  'luks',
  'dm-crypt',
  'fscrypt',
  'zfs',
  'gocryptfs',
  'encfs',
  'cryfs',
  'ecryptfs',
  'none',
] as const;
export type StorageEncryption = (typeof storageEncryptions)[number];

/**
 * sh code that sets $encryption to how a directory's files are encrypted, or those of what of it is there. Below the file system all layers are
 * looked at (LVM on LUKS, RAID). Programs are run only where an answer can come of them; the mount table and /sys are read without any.
 */
export function storageEncryptionScript(directory: string): string {
  return `encryption=none directory=${quote(directory)}
while [ -n "$directory" ] && [ ! -d "$directory" ]; do directory=\${directory%/*}; done
cd -P -- "\${directory:-/}" 2>/dev/null || cd /
directory=$PWD
layers() {
  uuid=
  { read -r uuid <"/sys/class/block/$1/dm/uuid"; } 2>/dev/null
  case $uuid in CRYPT-LUKS*) encryption=luks; return ;; CRYPT-*) encryption=dm-crypt; return ;; esac
  for layer in "/sys/class/block/$1/slaves"/*; do [ ! -e "$layer" ] || layers "\${layer##*/}"; done
}
best= from= type=
while read -r device mount kind rest; do
  case $directory/ in "\${mount%/}"/*) ;; *) continue ;; esac
  [ "\${#mount}" -lt "\${#best}" ] || best=$mount from=$device type=$kind
done </proc/mounts
case $type in
fuse.gocryptfs | fuse.encfs | fuse.cryfs | ecryptfs) encryption=\${type#fuse.} ;;
zfs) case $(zfs get -H -o value encryption "$from" 2>/dev/null) in '' | off | -) ;; *) encryption=zfs ;; esac ;;
*) case $from in /dev/*)
  case $from in /dev/*/*) from=$(readlink -f -- "$from") ;; esac
  layers "\${from##*/}"
  case $encryption:$type in none:ext4 | none:f2fs | none:ubifs)
    flags=$(lsattr -d -- "$directory" 2>/dev/null)
    case \${flags%% *} in *E*) encryption=fscrypt ;; esac ;;
  esac ;; esac ;;
esac`;
}

/** What the script set, as it came from a host; anything else is `none`. */
export function readStorageEncryption(word: string): StorageEncryption {
  return storageEncryptions.find((one) => one === word) ?? 'none';
}
