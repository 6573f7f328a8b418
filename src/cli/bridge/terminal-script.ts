/**
 * Makes terminals. Node cannot open a pseudo terminal, native modules have to be built for each Node, and script(1)
 * makes one stream of all three and (on Linux) puts a shell in between. Perl is part of macOS and of every Debian.
 *
 * The script is a session of its own with one terminal, on which programs run one after the other, each in the
 * foreground group: to 1Password they are one terminal window. Frames in: R run, T keyboard, I stdin, E end of stdin,
 * Z size, S signal, C close a stream, X hang up. Frames out: T screen, O stdout, P stderr, W written, U nobody reads,
 * D ended, F not started. A frame is its letter, four bytes of length, payload.
 *
 * ioctl numbers: Linux <asm-generic/ioctls.h>, macOS <sys/ttycom.h>. OPOST is off, because the guest's own terminal
 * already turns line feeds into new lines. When a program has ended, a mark is sent through the terminal and waited
 * for: everything that was written before it has then arrived.
 */
export const terminalScript = String.raw`
use strict; use Fcntl; use Errno; use POSIX ();
my $mac = $^O eq 'darwin'; $0 = 'ascalon bridge terminal';
POSIX::setsid();
sysopen(my $m, '/dev/ptmx', O_RDWR | O_NOCTTY | O_NONBLOCK) or exit 71;
my $name;
if ($mac) {
  ioctl($m, 0x20007454, 0); ioctl($m, 0x20007452, 0);
  my $b = "\0" x 128; ioctl($m, 0x40807453, $b) or exit 71; $name = unpack 'Z*', $b;
} else {
  my $b = pack 'i', 0; ioctl($m, 0x40045431, $b); ioctl($m, 0x80045430, $b) or exit 71; $name = '/dev/pts/' . unpack 'i', $b;
}
sysopen(my $s, $name, O_RDWR) or exit 71;
ioctl($s, $mac ? 0x20007461 : 0x540E, 0);
sysopen(my $mark, $name, O_WRONLY | O_NOCTTY | O_NONBLOCK) or exit 71;
$SIG{$_} = 'IGNORE' for qw(INT QUIT TSTP TTIN TTOU HUP PIPE TERM);
$SIG{CHLD} = sub {};
sub unblocked { my $f = shift; fcntl($f, F_SETFL, fcntl($f, F_GETFL, 0) | O_NONBLOCK); $f }
unblocked(\*STDIN); unblocked(\*STDOUT);
my ($in, $out, %buf, %to, %from, $pid, $ended, $seen, $hungUp) = ('', '');
my $end = "\0ascalon:" . join('', map { sprintf '%02x', rand 256 } 1 .. 16) . "\0";
sub say_ { $out .= $_[0] . pack('N', length $_[1]) . $_[1] }
sub size { my ($cols, $rows) = @_; ioctl($m, $mac ? 0x80087467 : 0x5414, pack 'S4', $rows, $cols, 0, 0) }
sub plain {
  my $t = POSIX::Termios->new; $t->getattr(fileno $s);
  $t->setiflag(POSIX::BRKINT | POSIX::ICRNL | POSIX::IXON);
  $t->setoflag($t->getoflag & ~POSIX::OPOST);
  $t->setlflag(POSIX::ECHO | POSIX::ECHOE | POSIX::ECHOK | POSIX::ICANON | POSIX::IEXTEN | POSIX::ISIG);
  $t->setcc(POSIX::VINTR, 3); $t->setcc(POSIX::VQUIT, 28); $t->setcc(POSIX::VERASE, 127); $t->setcc(POSIX::VKILL, 21);
  $t->setcc(POSIX::VEOF, 4); $t->setcc(POSIX::VSUSP, 26); $t->setcc(POSIX::VMIN, 1); $t->setcc(POSIX::VTIME, 0);
  $t->setattr(fileno $s, POSIX::TCSANOW);
}
sub run_ {
  my ($cols, $rows, $kinds, $file, $count, @rest) = split /\0/, $_[0], -1;
  my @env = splice @rest, 0, $count;
  plain(); POSIX::tcflush(fileno $s, POSIX::TCIOFLUSH); size($cols, $rows);
  (%buf, %to, %from) = (); $ended = $seen = $hungUp = undef; $buf{T} = '';
  my (@own, @mine);
  for my $fd (0 .. 2) {
    my $kind = substr $kinds, $fd, 1;
    if ($kind eq 't') { $own[$fd] = $s; next }
    if ($kind eq 'n') { open $own[$fd], $fd ? '>' : '<', '/dev/null'; next }
    pipe my $r, my $w or return say_('F', 'EMFILE');
    if ($fd == 0) { $own[0] = $r; $to{I} = unblocked($w); $buf{I} = '' }
    else { $own[$fd] = $w; $from{$fd == 1 ? 'O' : 'P'} = unblocked($r) }
  }
  pipe my $er, my $ew or return say_('F', 'EMFILE');
  $pid = fork;
  if (!defined $pid) { $pid = undef; return say_('F', 'EAGAIN') }
  if (!$pid) {
    POSIX::setpgid(0, 0); POSIX::tcsetpgrp(fileno $s, $$);
    $SIG{$_} = 'DEFAULT' for qw(INT QUIT TSTP TTIN TTOU HUP PIPE TERM CHLD);
    # Descriptors are looked up first: one of them may be among those that are replaced.
    my @fds = map { POSIX::dup(fileno $_) } @own;
    POSIX::dup2($fds[$_], $_) for 0 .. 2; POSIX::close($_) for @fds;
    %ENV = map { split /=/, $_, 2 } @env; chdir '/';
    exec { $file } @rest;
    syswrite $ew, $!{ENOENT} ? 'ENOENT' : $!{EACCES} ? 'EACCES' : $!{E2BIG} ? 'E2BIG' : 'EIO'; POSIX::_exit(127);
  }
  POSIX::setpgid($pid, $pid); close $ew; close $_ for grep { $_ != $s } @own;
  my $why = ''; sysread $er, $why, 32;
  if ($why ne '') { waitpid $pid, 0; $pid = undef; POSIX::tcsetpgrp(fileno $s, $$); say_('F', $why) }
}
sub over {
  # Ctrl-S may have stopped the screen, and the mark would never come: macOS goes on with tcflow, Linux without IXON.
  my $t = POSIX::Termios->new; $t->getattr(fileno $s); $t->setiflag($t->getiflag & ~POSIX::IXON); $t->setattr(fileno $s, POSIX::TCSANOW);
  POSIX::tcsetpgrp(fileno $s, $$); plain(); POSIX::tcflow(fileno $s, POSIX::TCOON); POSIX::tcflush(fileno $s, POSIX::TCIFLUSH);
  $buf{M} = $end; delete $to{I}; $buf{T} = '';
}
sub finish {
  say_('D', $ended & 127 ? 's' . ($ended & 127) : 'c' . ($ended >> 8));
  $pid = $ended = undef; (%to, %from) = ();
}
sub killed { kill "-$_[0]", $pid if $pid && !defined $ended }
sub quit {
  killed('HUP'); killed('CONT');
  for (1 .. 20) { last if !$pid || defined $ended || waitpid($pid, POSIX::WNOHANG) > 0; select undef, undef, undef, 0.05 }
  killed('KILL'); waitpid $pid, 0 if $pid; POSIX::_exit(0);
}
sub frame {
  my ($kind, $body) = @_;
  if ($kind eq 'R') { run_($body) }
  elsif ($kind eq 'Z') { size(unpack 'nn', $body) }
  elsif (!$pid || defined $ended) { say_('W', $kind . pack 'N', length $body) if $kind eq 'T' || $kind eq 'I' }
  elsif ($kind eq 'T') { $buf{T} .= $body }
  elsif ($kind eq 'I') { if ($to{I}) { $buf{I} .= $body } else { say_('W', 'I' . pack 'N', length $body) } }
  elsif ($kind eq 'E') { if (length $buf{I}) { $buf{E} = 1 } else { delete $to{I} } }
  elsif ($kind eq 'S') { killed($body) }
  elsif ($kind eq 'C') { delete $from{$body} }
  elsif ($kind eq 'X') { killed('HUP'); killed('CONT'); $hungUp = time }
}
my $tail = '';
sub screen {
  my $bytes = $tail . $_[0]; $tail = '';
  if (defined $ended) {
    my $at = index $bytes, $end;
    if ($at >= 0) { say_('T', substr $bytes, 0, $at) if $at; $seen = 1; return }
    my $keep = length $end; $keep = length $bytes if length $bytes < $keep;
    $tail = substr $bytes, -$keep, $keep, '';
  }
  say_('T', $bytes) if length $bytes && $pid;
}
sub put {
  my ($key, $to) = @_;
  my $n = syswrite $to, $buf{$key};
  if (defined $n) { substr $buf{$key}, 0, $n, ''; say_('W', $key . pack 'N', $n) if $key ne 'M' }
  elsif (!$!{EAGAIN} && !$!{EINTR}) { say_('U', $key); say_('W', $key . pack 'N', length $buf{$key}); $buf{$key} = ''; delete $to{$key} }
}
while (1) {
  my ($r, $w) = ('', ''); my $room = length $out < 131072;
  vec($r, 0, 1) = 1; vec($w, 1, 1) = 1 if length $out;
  if ($room) { vec($r, fileno $m, 1) = 1; vec($r, fileno $_, 1) = 1 for values %from }
  vec($w, fileno $m, 1) = 1 if length $buf{T};
  vec($w, fileno $to{I}, 1) = 1 if $to{I} && length $buf{I};
  vec($w, fileno $mark, 1) = 1 if length $buf{M};
  select $r, $w, undef, $pid ? 0.1 : undef;
  my $n;
  if (vec $r, 0, 1) {
    $n = sysread STDIN, $in, 65536, length $in;
    quit() if defined $n && !$n;
    while (length $in >= 5 && length $in >= 5 + unpack 'x N', $in) {
      my ($kind, $length) = unpack 'a N', $in; my $body = substr $in, 5, $length; substr $in, 0, 5 + $length, ''; frame($kind, $body);
    }
  }
  if ($pid && !defined $ended && waitpid($pid, POSIX::WNOHANG) == $pid) { $ended = $?; over() }
  if ($hungUp && time > $hungUp + 1) { killed('KILL') }
  if (vec $r, fileno $m, 1) { my $b; screen($b) if sysread $m, $b, 65536 }
  for my $key (keys %from) {
    my $f = $from{$key}; my $b; $n = vec($r, fileno $f, 1) || defined $ended ? sysread $f, $b, 65536 : next;
    if ($n) { say_($key, $b) } elsif (defined $n || (defined $ended && $seen)) { delete $from{$key} }
  }
  put('T', $m) if length $buf{T}; put('I', $to{I}) if $to{I} && length $buf{I}; put('M', $mark) if length $buf{M};
  if ($buf{E} && !length $buf{I}) { delete $to{I}; delete $buf{E} }
  if (defined $ended && $seen && !%from) { $tail = ''; finish() }
  if (length $out) { $n = syswrite STDOUT, $out; if (defined $n) { substr $out, 0, $n, '' } elsif (!$!{EAGAIN} && !$!{EINTR}) { quit() } }
}
`;
