/**
 * Perl, as Debian's perl-base has it, that reads all packets of the host and prints them as `tcpdump -q -n -t -A` does: those with data to one
 * of the ports (first argument), and the lines in any that match the pattern (second one); at SIGTERM how many were dropped.
 */
export const packetSocket = `use strict; use Socket qw(inet_ntop AF_INET AF_INET6);
my ($ports, $pattern) = @ARGV;
my %port = map { $_ => 1 } split / /, $ports;
$| = 1;
socket(my $socket, 17, 2, unpack("S", pack("n", 3))) or die "perl: $!\\n";
setsockopt($socket, 1, 33, pack("i", 33554432));
$SIG{TERM} = sub {
  my (undef, $dropped) = unpack("II", getsockopt($socket, 263, 6) || pack("II", 0, 0));
  print "$dropped packets dropped by kernel\\n";
  exit 0;
};
while (1) {
  defined recv($socket, my $packet, 65535, 0) or next;
  my $version = length($packet) < 40 ? 0 : ord($packet) >> 4;
  my ($head, $protocol, $from, $to, $end);
  if ($version == 4) {
    $head = (ord($packet) & 15) * 4;
    ($end, $protocol) = unpack("x2 n x5 C", $packet);
    ($from, $to) = map { inet_ntop(AF_INET, $_) } unpack("x12 a4 a4", $packet);
  } elsif ($version == 6) {
    $head = 40;
    ($end, $protocol) = unpack("x4 n C", $packet);
    $end += 40;
    ($from, $to) = map { inet_ntop(AF_INET6, $_) } unpack("x8 a16 a16", $packet);
  } else { next }
  # A large packet of the own host has no length yet.
  $end = length($packet) if $end <= $head || $end > length($packet);
  next if $protocol != 6 && $protocol != 17 || length($packet) < $head + 14;
  my ($source, $target) = unpack("nn", substr($packet, $head, 4));
  $head += $protocol == 6 ? (ord(substr($packet, $head + 12, 1)) >> 4) * 4 : 8;
  next if $head >= $end || $protocol == 6 && ($source == 22 || $target == 22);
  my $data = substr($packet, $head, $end - $head);
  my @lines = $data =~ /([^\\n]*(?:$pattern)[^\\n]*)/g;
  next unless @lines || $port{$target};
  my ($word, $name) = ($version == 4 ? "IP" : "IP6", $protocol == 6 ? "tcp" : "UDP, length");
  print "$word $from.$source > $to.$target: $name ", length($data), "\\n", map { "$_\\n" } @lines;
}`;
