#!/bin/sh
# free-disk.sh: makes room on a hosted runner of GitHub's by removing what it brings for Android, .NET, Haskell and Swift,
# some 25 GB that nothing here uses. Without it the image of the guest and two systems fill the disk.
set -eu
df -h /
sudo rm -rf /usr/local/lib/android /usr/share/dotnet /opt/ghc /usr/local/.ghcup /usr/share/swift \
	/opt/hostedtoolcache/CodeQL
df -h /
