#!/usr/bin/perl
# find-entry.pl SECOND LINE <export of the journal
# Prints the cursor of the last entry of SECOND (local time) that the log server may have stored as LINE; nothing when there is none. Letters
# and digits are compared: rsyslogd writes control characters in its own way.
use strict;
use POSIX 'strftime';
my ($second, $line) = @ARGV;
sub bare { my ($text) = @_; $text =~ s/#\d{3}//g; $text =~ s/[^A-Za-z0-9]//g; $text }
my $stored = bare($line);
my ($entry, $found) = (+{ }, '');
sub look {
  my $message = bare($entry->{MESSAGE} // '');
  my $time = $entry->{_SOURCE_REALTIME_TIMESTAMP} || $entry->{__REALTIME_TIMESTAMP};
  my $shown = strftime '%Y-%m-%d %H:%M:%S', localtime($time / 1_000_000);
  if ($shown gt $second && strftime('%Y-%m-%d %H:%M:%S', localtime($time / 1_000_000 - 5)) gt $second) {
    print $found;
    exit 0;
  }
  $found = $entry->{__CURSOR} if $shown eq $second && $message ne '' && substr($stored, -length $message) eq $message;
}
while (defined(my $read = <STDIN>)) {
  chomp $read;
  if ($read eq '') {
    look();
    $entry = +{ };
  } elsif ($read =~ /^([^=]+)=(.*)$/s) {
    $entry->{$1} //= $2;
  } else { # a length and that many bytes
    read STDIN, my $length, 8;
    read STDIN, my $value, unpack 'V', $length;
    $entry->{$read} //= $value;
    <STDIN>;
  }
}
print $found;
