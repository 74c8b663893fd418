"""The set-up of a checkout, done for real in small ones."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.setup import environment, port
from portal.setup.environment import SetupError, set_up
from tests.support.environment import ROOT


def new_home(folder: Path) -> Path:
    """Make a checkout that needs no package at all, in a long folder with blanks."""
    home = folder / ("a folder with blanks " + "x" * 120)
    home.mkdir()
    (home / "requirements.txt").write_text("# none\n")
    (home / "requirements-dev.txt").write_text("# none either\n")
    package = {"name": "portal", "version": "1.0.0"}
    (home / "package.json").write_text(json.dumps(package))
    (home / "package-lock.json").write_text(json.dumps(package | {"lockfileVersion": 3, "packages": {"": package}}))
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path)


@pytest.fixture(scope="module")
def first_made(tmp_path_factory) -> Path:
    home = new_home(tmp_path_factory.mktemp("made"))
    set_up(home, development=False)
    return home


@pytest.fixture
def made(first_made: Path, tmp_path: Path) -> Path:
    """A checkout that is set up."""
    return shutil.copytree(first_made, tmp_path / "checkout", symlinks=True)


class TestSetUp:
    def test_makes_an_environment_whose_programs_start(self, first_made):
        programs = first_made / ".venv" / "bin"
        for program in ([programs / "python"], [programs / "python", "-m", "pip"], [programs / "pip"]):
            assert subprocess.run([*program, "--version"], capture_output=True, check=False).returncode == 0

    def test_does_nothing_the_second_time(self, made, capfd):
        set_up(made, development=True)
        assert "requirements-dev.txt" in capfd.readouterr().out
        set_up(made, development=True)
        set_up(made, development=False)  # the packages of development are more, not other ones
        assert capfd.readouterr().out == ""

    def test_installs_again_what_asks_for_other_packages(self, made, capfd):
        (made / "requirements.txt").write_text("# none, still\n")
        set_up(made, development=False)
        assert "requirements.txt" in capfd.readouterr().out

    def test_makes_an_environment_that_broke_anew(self, made, tmp_path):
        broken = made / ".venv" / "bin" / "python"
        broken.unlink()
        broken.symlink_to(tmp_path / "nothing")
        python = set_up(made, development=False)
        assert subprocess.run([python, "-c", "import pip"], check=False).returncode == 0

    def test_says_which_packages_could_not_be_installed_and_tries_them_again(self, made):
        (made / "requirements.txt").write_text(f"{made / 'missing.whl'}\n")
        for _ in range(2):
            with pytest.raises(SetupError, match=r"requirements\.txt"):
                set_up(made, development=False)

    def test_says_that_npm_failed(self, made):
        (made / "package-lock.json").write_text("{")
        with pytest.raises(SetupError, match="npm"):
            set_up(made, development=False)


class TestEnvironment:
    def test_is_made_with_the_pip_of_the_machine_where_python_has_no_installer(self, tmp_path):
        folder = tmp_path / "environment"
        assert environment._with_pip_of_the_machine(folder)
        assert environment._works(folder / "bin" / "python")

    def test_that_cannot_be_made_is_explained(self, home, monkeypatch):
        for way in ("_with_ensurepip", "_with_pip_of_the_machine", "_with_debian_package"):
            monkeypatch.setattr(environment, way, lambda _folder: False)
        with pytest.raises(SetupError, match=r"apt-get install python3\.\d+-venv"):
            set_up(home, development=False)
        assert not (home / ".venv").exists()


class TestSetupProgram:
    def test_runs_before_anything_is_installed(self):
        """`-S` hides all packages, as on a machine that has only Python."""
        done = subprocess.run(
            [sys.executable, "-S", "-m", "portal.setup", "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")

    def test_becomes_the_program_it_is_given(self, made):
        shutil.copytree(ROOT / "portal" / "setup", made / "portal" / "setup")
        (made / "program.py").write_text("import sys; print(sys.prefix, *sys.argv)")
        done = subprocess.run(
            [sys.executable, "-m", "portal.setup", "program.py", "--port", "8000"],
            cwd=made,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.splitlines()[-1] == f"{made / '.venv'} program.py --port 8000"

    def test_ends_before_any_work_where_the_port_is_taken(self, home):
        shutil.copytree(ROOT / "portal" / "setup", home / "portal" / "setup")
        with socket.socket() as taken:
            taken.bind((port.HOST, 0))
            taken.listen()
            number = taken.getsockname()[1]
            done = subprocess.run(
                [sys.executable, "-m", "portal.setup", "--port", str(number)],
                cwd=home,
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert f"port {number}" in done.stderr
        assert "PORT=" in done.stderr
        assert not (home / ".venv").exists()


class TestMake:
    def test_says_which_python_is_missing(self, tmp_path):
        for name in ("sh", "echo", "make"):
            (tmp_path / name).symlink_to(shutil.which(name) or "")
        done = subprocess.run(
            ["make", "setup"],
            cwd=ROOT,
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "Python 3.11 or newer is needed" in done.stderr

    def test_passes_over_a_python_that_is_too_old_or_does_not_start(self, tmp_path):
        (tmp_path / "python3.14").write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 1\n")
        for file in tmp_path.iterdir():
            file.chmod(0o755)
        (tmp_path / "python3.12").symlink_to(sys.executable)
        done = subprocess.run(
            ["make", "-n", "setup"],
            cwd=ROOT,
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "python3.12 -m portal.setup"
