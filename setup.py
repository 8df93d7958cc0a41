"""What pyproject.toml cannot say: the configs and templates go into an installed package."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithStarter(build_py):
    """Puts the configs and templates that ``opti init`` copies beside the code."""

    def run(self) -> None:
        """Build as usual, then add the two folders; an editable install finds them where they are."""
        super().run()
        if not self.editable_mode:
            for name in ("configs", "templates"):
                target = Path(self.build_lib) / "opti_reports" / "starter" / name
                copytree(name, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithStarter})
