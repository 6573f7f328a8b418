# The mux server: there without a login, a pane outlives a switch that brings another WezTerm, gone and back after a
# restart of the machine.
{ pkgs }:
pkgs.testers.runNixOSTest {
  name = "ascalon-wezterm-daemon";

  nodes.machine =
    { lib, pkgs, ... }:
    {
      imports = [ (import ./guest.nix { host = "machine"; }) ];
      ascalon.wezterm.enable = true;
      specialisation.newer.configuration = {
        # The same program at another store path: what an update is to a switch.
        ascalon.wezterm.package = lib.mkForce (
          pkgs.runCommand "wezterm-newer" { } ''
            mkdir -p $out/bin
            cp ${pkgs.wezterm}/bin/wezterm* $out/bin/
          ''
        );
      };
    };

  testScript = ''
    user = "sudo -u dev XDG_RUNTIME_DIR=/run/user/1000 "
    cli = user + "wezterm cli --no-auto-start "
    socket = "/run/user/1000/wezterm/sock"

    def main_pid():
        return machine.succeed(user + "systemctl --user show --property=MainPID --value wezterm-daemon").strip()

    machine.wait_for_unit("multi-user.target")

    with subtest("the socket is there, and nobody has logged in"):
        machine.wait_until_succeeds(f"test -S {socket}")
        machine.succeed(cli + "list")

    with subtest("other users do not run it"):
        machine.succeed("test $(pgrep --count wezterm-mux-ser) = 1")

    with subtest("a pane has the system's PATH and the forwarded sockets"):
        machine.succeed(cli + "spawn --new-window -- bash -lc 'env >/tmp/pane-env; echo $$ >/tmp/pane-pid; exec sleep 1d'")
        machine.wait_until_succeeds("test -s /tmp/pane-pid")
        machine.succeed("grep -q ^SSH_AUTH_SOCK=/run/ascalon/ssh-agent.sock /tmp/pane-env")
        machine.succeed("grep -q ^DOCKER_HOST=unix:///run/ascalon/docker.sock /tmp/pane-env")
        machine.succeed("grep '^PATH=' /tmp/pane-env | grep -q /run/wrappers/bin")
        machine.fail("grep -q ^INVOCATION_ID= /tmp/pane-env")

    with subtest("the pane outlives a switch to a system with another WezTerm, which says that it waits"):
        before = main_pid()
        # Written by the pane itself: a search by command line would find the shell that searches, too.
        pane = machine.succeed("cat /tmp/pane-pid").strip()
        machine.succeed(f"grep -qx sleep /proc/{pane}/comm")
        machine.succeed(user + "ascalon-mux-pending | grep -x current")
        machine.succeed("/run/current-system/specialisation/newer/bin/switch-to-configuration test")
        assert main_pid() == before, "the switch restarted the server"
        machine.succeed(f"grep -qx sleep /proc/{pane}/comm")
        machine.succeed(user + "ascalon-mux-pending | grep '^pending '")

    with subtest("a process that runs out of memory does not take the server along"):
        machine.succeed("test $(" + user + "systemctl --user show --property=OOMPolicy --value wezterm-daemon) = continue")

    with subtest("killed, it comes back; stopped, it stays"):
        machine.succeed(f"kill -9 {before}")
        machine.wait_until_succeeds(cli + "list")
        machine.succeed(user + "systemctl --user stop wezterm-daemon")
        machine.fail(cli + "list")

    with subtest("after a restart of the machine it is there again"):
        machine.shutdown()
        machine.start()
        machine.wait_until_succeeds(f"test -S {socket}")
  '';
}
