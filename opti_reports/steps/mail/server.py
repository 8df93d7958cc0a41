"""The mail server of a workspace, with the password from where the config says."""

from __future__ import annotations

from pathlib import Path

from opti_reports.config.load import Configs
from opti_reports.config.mail import Smtp
from opti_reports.deliver.mail import smtp
from opti_reports.errors import ConfigError, Fault
from opti_reports.steps.mail.desk import Desk, Edge


def settings(configs: Configs) -> Smtp:
    """The server of ``mail.toml``. Raises ConfigError where none is named."""
    if configs.mail is None or configs.mail.smtp is None:
        fix = "Name the server there, or write drafts: opti send --drafts"
        raise ConfigError([Fault("mail.toml", "smtp", "there is no server to send through", fix)])
    return configs.mail.smtp


def server(made: Desk, edge: Edge) -> smtp.Server:
    """A connection to it, not yet open. Raises ConfigError when a password or certificate is not there."""
    config, root = settings(made.configs), made.asked.workspace.root
    ca_file = root / config.ca_file if config.ca_file else None
    if ca_file and not ca_file.is_file():
        raise ConfigError([Fault("mail.toml", "smtp.ca_file", f"there is no file {config.ca_file}")])
    return smtp.Server(config, _password(config, root, edge), str(ca_file) if ca_file else None)


def _password(config: Smtp, root: Path, edge: Edge) -> str:
    """The password from where the config says. Raises ConfigError when it is not there; never shows it."""
    if not config.user:
        return ""
    if config.password_env:
        found = edge.environment.get(config.password_env, "")
        key, what = "smtp.password_env", f"the environment has no variable {config.password_env}"
    else:
        path = root / config.password_file
        found = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        key, what = "smtp.password_file", f"there is no password in {config.password_file}"
    if not found:
        raise ConfigError([Fault("mail.toml", key, what, "Set it where the command runs.")])
    return found
