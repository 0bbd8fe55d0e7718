"""`netcluster completion`: the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), help="Your shell.")
def completion(shell: str) -> None:
    """The completion script of a shell.

    \b
    netcluster completion bash > ~/.netcluster-complete.sh   then: source it in ~/.bashrc
    netcluster completion fish > ~/.config/fish/completions/netcluster.fish
    """
    from netcluster_cli.main import cli

    script = get_completion_class(shell)
    assert script is not None  # the choices are the shells Click has
    click.echo(script(cli, {}, "netcluster", "_NETCLUSTER_COMPLETE").source())
