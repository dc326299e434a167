import { didYouMean } from '../../errors/did-you-mean.ts';

/** Facts that every host gives, under Ansible's names without `ansible_`. */
const factNames: readonly string[] = [
  'all_ipv4_addresses',
  'all_ipv6_addresses',
  // Under ansible_facts too, as in Ansible: ansible_facts.ansible_local.
  'ansible_local',
  'apparmor',
  'architecture',
  'bios_date',
  'bios_vendor',
  'bios_version',
  'board_name',
  'board_serial',
  'board_vendor',
  'board_version',
  'chassis_vendor',
  'chassis_version',
  'cmdline',
  'date_time',
  'default_ipv4',
  'default_ipv6',
  'devices',
  'distribution',
  'distribution_file_path',
  'distribution_file_variety',
  'distribution_major_version',
  'distribution_minor_version',
  'distribution_release',
  'distribution_version',
  'dns',
  'domain',
  'effective_group_id',
  'effective_user_id',
  'env',
  'fips',
  'fqdn',
  'hostname',
  'interfaces',
  'kernel',
  'kernel_version',
  'loadavg',
  'local',
  'lsb',
  'machine',
  'machine_id',
  'memfree_mb',
  'memory_mb',
  'memtotal_mb',
  'mounts',
  'nodename',
  'os_family',
  'pkg_mgr',
  'proc_cmdline',
  'processor',
  'processor_cores',
  'processor_count',
  'processor_nproc',
  'processor_threads_per_core',
  'processor_vcpus',
  'product_name',
  'product_serial',
  'product_uuid',
  'product_version',
  'python',
  'python_version',
  'real_group_id',
  'real_user_id',
  'selinux',
  'service_mgr',
  'ssh_host_key_dsa_public',
  'ssh_host_key_dsa_public_keytype',
  'ssh_host_key_ecdsa_public',
  'ssh_host_key_ecdsa_public_keytype',
  'ssh_host_key_ed25519_public',
  'ssh_host_key_ed25519_public_keytype',
  'ssh_host_key_rsa_public',
  'ssh_host_key_rsa_public_keytype',
  'swapfree_mb',
  'swaptotal_mb',
  'system',
  'system_vendor',
  'uptime_seconds',
  'user_dir',
  'user_gecos',
  'user_gid',
  'user_id',
  'user_shell',
  'user_uid',
  'userspace_architecture',
  'userspace_bits',
  'virtualization_role',
  'virtualization_type',
];

/** Variables that facts are seen as, without those that only a host knows. */
export const factVariables: readonly string[] = factNames.map((fact) =>
  fact.startsWith('ansible_') ? fact : `ansible_${fact}`,
);

// Each network interface is a fact of its own, under a name that only the host knows.
const interfaceName =
  /^(?:lo\d*|(?:eth|en|wl|ww|ib|br|bond|team|docker|veth|virbr|tun|tap|wg|vlan|ifb|dummy|host|lxc|lxd|cni|flannel|cali|vmbr|podman)\w*)$/;

// What package_facts, service_facts and getent bring.
const broughtFact = /^(?:packages|services|getent_[a-z]+)$/;

/** Whether a host may give a fact of this name. */
export function isFact(name: string): boolean {
  return factNames.includes(name) || interfaceName.test(name) || broughtFact.test(name);
}

/** What may have been meant by a name that is no fact; `prefix` stands before it as a variable. */
export function factAdvice(name: string, prefix = ''): string {
  const names = factNames.map((fact) => prefix + fact);
  return (
    didYouMean(prefix + name, names) ??
    'the setup resource lists all facts; write | default(...) if a host may lack it'
  );
}
