#!/usr/bin/perl
# forward-journal.pl LAST <export of the journal
# Forwards entries, as journald would have done, up to the one with the field LAST: journald's own start.
use strict;
use Socket;
my $path = '/run/systemd/journal/syslog';
my $syslog;
socket($syslog, PF_UNIX, SOCK_DGRAM, 0) && connect($syslog, sockaddr_un($path)) or die "$path: $!\n";
my ($last_name, $last) = split /=/, $ARGV[0];
my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
my $entry = +{ };
sub forward {
  return if !defined $entry->{MESSAGE} || $entry->{_TRANSPORT} =~ /^(kernel|audit|driver)$/;
  my $time = $entry->{_SOURCE_REALTIME_TIMESTAMP} || $entry->{__REALTIME_TIMESTAMP};
  my ($second, $minute, $hour, $day, $month) = localtime($time / 1_000_000);
  my $pid = $entry->{SYSLOG_PID} || ($entry->{_TRANSPORT} eq 'syslog' ? undef : $entry->{_PID});
  my $tag = $entry->{SYSLOG_IDENTIFIER} || $entry->{_COMM} || 'unknown';
  my $line = sprintf '<%d>%s %2d %02d:%02d:%02d %s%s: %s', ($entry->{SYSLOG_FACILITY} // 1) * 8 + ($entry->{PRIORITY} // 6),
    $months[$month], $day, $hour, $minute, $second, $tag, $pid ? "[$pid]" : '', $entry->{MESSAGE};
  send($syslog, $line, 0) or die "$path: $!\n";
  select undef, undef, undef, 0.002; # journald forwards meanwhile, and drops what finds the socket full
}
while (defined(my $line = <STDIN>)) {
  chomp $line;
  if ($line eq '') {
    exit 0 if ($entry->{$last_name} // '') eq $last;
    forward();
    $entry = +{ };
  } elsif ($line =~ /^([^=]+)=(.*)$/s) {
    $entry->{$1} //= $2;
  } else { # a length and that many bytes
    read STDIN, my $length, 8;
    read STDIN, my $value, unpack 'V', $length;
    $entry->{$line} //= $value;
    <STDIN>;
  }
}
