# Serves the folder `site` to this machine alone, and opens the browser. Perl 5 with its core modules, nothing else.
use strict;
use warnings;
use FindBin;
use IO::Socket::INET;

my $site = "$FindBin::Bin/../site";
my %types = (
    css         => 'text/css; charset=utf-8',
    html        => 'text/html; charset=utf-8',
    js          => 'text/javascript; charset=utf-8',
    json        => 'application/json',
    png         => 'image/png',
    svg         => 'image/svg+xml',
    txt         => 'text/plain; charset=utf-8',
    wasm        => 'application/wasm',
    webmanifest => 'application/manifest+json',
);

open my $lines, '<', "$FindBin::Bin/headers.txt" or die "headers.txt: $!\n";
my $headers = join '', map { s/\s+$//r . "\r\n" } grep { /\S/ } <$lines>;

# The one that is free is taken. The same one each time, if it can be: what the browser keeps belongs to it.
my @ports = defined $ENV{CLOZE_PORT} ? $ENV{CLOZE_PORT} : (4173 .. 4182, 0);
my $server;
for my $port (@ports) {
    $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 64, ReuseAddr => 1) and last;
}
die "No port is free.\n" unless $server;
my $address = 'http://127.0.0.1:' . $server->sockport . '/';
$| = 1;
print "Cloze is at $address\nClosing this window stops it.\n";

# Children end by themselves.
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
if (!fork) {
    my $open = $ENV{BROWSER} || ($^O eq 'darwin' ? 'open' : 'xdg-open');
    exec $open, $address or exit 1;
}
while (1) {
    # A signal may come between.
    my $browser = $server->accept or next;
    my $child = fork;
    answer($browser) if defined $child && $child == 0;
    close $browser;
}

# Answers one request, and ends.
sub answer {
    my ($browser) = @_;
    binmode $browser;
    alarm 20;    # A connection that asks nothing.
    my $request = <$browser> // exit;
    while (defined(my $line = <$browser>)) { last if $line =~ /^\r?\n$/ }
    alarm 0;
    my ($method, $path) = $request =~ m{^(GET|HEAD) (/[^ ?#]*)} or refuse($browser, '400 Bad Request');
    $path =~ s/%([0-9a-fA-F]{2})/chr hex $1/ge;
    refuse($browser, '404 Not Found') if $path =~ m{(^|/)\.\.(/|$)|\0};
    my $file = $site . $path;
    if (-d $file && $path !~ m{/$}) { refuse($browser, '301 Moved Permanently', "Location: $path/\r\n") }
    $file .= 'index.html' if $path =~ m{/$};
    open my $content, '<:raw', $file or refuse($browser, '404 Not Found');
    my ($end) = $file =~ /\.(\w+)$/;
    my $type = $types{ $end // '' } // 'application/octet-stream';
    my $length = -s $content;
    print {$browser} "HTTP/1.1 200 OK\r\nContent-Type: $type\r\nContent-Length: $length\r\nConnection: close\r\n$headers\r\n";
    if ($method eq 'GET') {
        while (read $content, my $piece, 1 << 18) { print {$browser} $piece or last }
    }
    close $browser;
    exit;
}

sub refuse {
    my ($browser, $status, $more) = @_;
    print {$browser} "HTTP/1.1 $status\r\n" . ($more // '') . "Content-Length: 0\r\nConnection: close\r\n$headers\r\n";
    close $browser;
    exit;
}
