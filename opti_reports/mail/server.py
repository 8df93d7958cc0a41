"""The mail server of a workspace, with the password or token from where the config says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.mail import Smtp
from opti_reports.errors import ConfigError, Fault, MailError
from opti_reports.mail import smtp
from opti_reports.mail.asked import Edge
from opti_reports.mail.mailing import OUTBOX
from opti_reports.mail.oauth import Tokens
from opti_reports.workspace import Workspace

SIGNED_IN = "oauth.json"
"""Beside the outbox: the sign-in of the flow device_code, for nobody else's eyes."""
Ask = Callable[[str], None]


def settings(configs: Configs) -> Smtp:
    """Return the server of ``mail.toml``. Raises ConfigError where none is named."""
    if configs.mail is None or configs.mail.smtp is None:
        raise ConfigError([Fault("mail.toml", "smtp", "server.none")])
    return configs.mail.smtp


def server(workspace: Workspace, configs: Configs, edge: Edge, ask: Ask | None = None) -> smtp.Server:
    """Return a connection to it, not yet open; ``ask`` shows a person where to sign in.

    Raises ConfigError when a password, secret or certificate is not there.
    """
    config, root = settings(configs), workspace.root
    ca_file = root / config.ca_file if config.ca_file else None
    if ca_file and not ca_file.is_file():
        raise ConfigError([Fault("mail.toml", "smtp.ca_file", "server.no_file", file=config.ca_file)])
    secret = _secret(config, workspace, edge, ask)
    return smtp.Server(config, secret, str(ca_file) if ca_file else None)


def check(workspace: Workspace, edge: Edge, ask: Ask) -> smtp.ServerOffer:
    """Try the server without a letter. Raises MailError for what keeps the door shut."""
    configs = load(workspace.configs, workspace.demo)
    config = settings(configs)
    with server(workspace, configs, edge, ask) as one:
        try:
            return one.check(configs.mail.sender if configs.mail else "")
        except smtp.UnreachableError as error:
            raise MailError("server.no_contact", f"{config.host}:{config.port}", why=error.message) from error


def _secret(config: Smtp, workspace: Workspace, edge: Edge, ask: Ask | None) -> Callable[[], str]:
    """Return what gives the password, or a token of the moment."""
    root, oauth = workspace.root, config.oauth
    if config.login == "password":
        password = _kept("smtp.password", config.password_env, config.password_file, root, edge)
        return lambda: password
    if oauth is None:
        return lambda: ""
    own = oauth.flow == "client_credentials"
    secret = _kept("smtp.oauth.secret", oauth.secret_env, oauth.secret_file, root, edge) if own else ""
    cache = workspace.output / OUTBOX / SIGNED_IN
    limits = config.timeout_seconds
    return Tokens(oauth, config.user, secret, cache, timeout=limits, http=edge.http, ask=ask).token


def _kept(key: str, variable: str, file: str, root: Path, edge: Edge) -> str:
    """Return a secret from where the config says. Raises ConfigError when it is not there; never shows it."""
    kind = key.rpartition(".")[2]
    if variable:
        found, key = edge.environment.get(variable, ""), f"{key}_env"
        fault = Fault("mail.toml", key, "server.no_variable", name=variable)
    else:
        path = root / file
        found, key = path.read_text(encoding="utf-8").strip() if path.is_file() else "", f"{key}_file"
        fault = Fault("mail.toml", key, "server.no_secret", kind=kind, file=file)
    if not found:
        raise ConfigError([fault])
    return found
