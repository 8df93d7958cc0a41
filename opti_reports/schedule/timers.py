"""The scheduled run as systemd, cron and Windows write it, quoted by the rules of each.

It starts every working weekday and decides by itself whether there is something to do: no scheduler knows the
holidays, and a start that was missed is made up for by the next.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from opti_reports.config.load import load
from opti_reports.errors import UsageError
from opti_reports.workspace import Workspace

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST_TASK = 261
"""Signs that schtasks takes as the command of a task (its /TR)."""
NOT_IN_CMD = '%&|<>^"'
"""Signs that the Windows command line reads itself, in quotes or not."""
MONTHLY = ("run", "--month", "last", "--when-ready")
WEEKLY = ("run", "--week", "last", "--when-ready")


@dataclass(frozen=True, kw_only=True)
class Start:
    """The command that starts the program, the workspace's folder, ISO weekdays, hour and minute; the time
    zone of the settings, and a name that no other workspace's task has.
    """

    program: tuple[str, ...]
    workspace: str
    weekdays: tuple[int, ...]
    hour: int
    minute: int
    zone: str
    name: str
    arguments: tuple[str, ...] = MONTHLY

    @property
    def command(self) -> tuple[str, ...]:
        """Return the whole command. Raises UsageError for a path that no scheduler's line can hold."""
        whole = (*self.program, *self.arguments, "--workspace", self.workspace)
        for part in whole:
            if re.search(r"[\x00-\x1f\x7f]", part):
                raise UsageError("schedule.path", repr(part))
        return whole

    @property
    def time(self) -> str:
        """As ``06:30``."""
        return f"{self.hour:02d}:{self.minute:02d}"


def start(
    workspace: Workspace, program: tuple[str, ...], hour: int, minute: int, *, weekly: bool = False
) -> Start:
    """Return the scheduled start of a workspace, of its months or its weeks. Raises ConfigError for configs
    that are not in order.
    """
    settings = load(workspace.configs, workspace.demo).settings
    days = tuple(day for day in range(1, 8) if day not in settings.free_weekdays)
    path = str(workspace.root)
    own = re.sub(r"[^A-Za-z0-9]+", "-", workspace.root.name).strip("-").lower()
    name = f"opti-{own or 'reports'}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"
    return Start(
        program=program,
        workspace=path,
        weekdays=days,
        hour=hour,
        minute=minute,
        zone=settings.time_zone,
        name=f"{name}-week" if weekly else name,
        arguments=WEEKLY if weekly else MONTHLY,
    )


def systemd(start: Start) -> str:
    """Return a service and its timer. The ``:`` keeps ``$`` as it is; a single ``%`` would be a specifier."""
    command = " ".join(_systemd_quoted(part) for part in start.command)
    days = ",".join(DAYS[day - 1] for day in start.weekdays)
    described = start.workspace.replace("%", "%%")
    packs = "Weekly pages" if start.arguments is WEEKLY else "Monthly packs"
    return f"""\
# {start.name}.service: into /etc/systemd/system/, with User= whoever owns the workspace;
# or into ~/.config/systemd/user/, then `systemctl --user` and `loginctl enable-linger`.
[Unit]
Description={packs} of {described}

[Service]
Type=oneshot
ExecStart=:{command}
Nice=10
# 6: another run was at work already.
SuccessExitStatus=6

# {start.name}.timer: beside it, then `systemctl enable --now {start.name}.timer`.
[Unit]
Description=Every working weekday: {packs.lower()} of {described}

[Timer]
OnCalendar={days} *-*-* {start.time}:00 {start.zone}
Persistent=true

[Install]
WantedBy=timers.target
"""


def _systemd_quoted(part: str) -> str:
    return '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def cron(start: Start) -> str:
    """Return a line for `crontab -e`: the shell's quotes first, then ``%``, which ends a command of cron."""
    command = shlex.join(start.command).replace("%", r"\%")
    days = ",".join(str(day) for day in start.weekdays)
    return f"{start.minute} {start.hour} * * {days} {command}\n"


def windows(start: Start) -> str:
    """Return a line for the command prompt. Raises UsageError for a path that its quotes cannot protect."""
    for part in start.command:
        if found := sorted(set(part) & set(NOT_IN_CMD)):
            raise UsageError("schedule.signs", part, signs=tuple(found))
    task = subprocess.list2cmdline(start.command)
    if len(task) > LONGEST_TASK:
        raise UsageError("schedule.long", start.workspace, most=LONGEST_TASK, signs=len(task))
    days = ",".join(DAYS[day - 1].upper() for day in start.weekdays)
    parts: Sequence[str] = ("schtasks", "/Create", "/F", "/TN", start.name, "/SC", "WEEKLY", "/D", days)
    return subprocess.list2cmdline([*parts, "/ST", start.time, "/TR", task]) + "\n"
