"""Compiles logsleuth/native where that can be done; where not, the program is installed all the same, and slower."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = "logsleuth/native"


class Native(BuildHookInterface[Any]):
    """Puts the compiled module beside its source, for an editable installation, and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Called before a wheel is made."""
        folder = Path(self.root, NATIVE)
        try:
            made = _compiled(sorted(folder.glob("*.c")), folder)
        except Exception as error:  # noqa: BLE001 - whatever a missing compiler may come as
            self.app.display_warning(f"logsleuth: no native loops, NumPy does their work: {error}")
            return
        build_data["artifacts"].append(f"/{NATIVE}/{made.name}")
        build_data["pure_python"], build_data["infer_tag"] = False, True


def _compiled(files: list[Path], folder: Path) -> Path:
    """The module, compiled by what Python itself was compiled with."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    flags = ["/O2"] if sys.platform == "win32" else ["-O3", "-fvisibility=hidden"]
    module = Extension("_native", [str(file) for file in files], extra_compile_args=flags)
    with tempfile.TemporaryDirectory() as work:
        command = build_ext(Distribution({"name": "_native", "ext_modules": [module]}))
        command.build_lib, command.build_temp = work, work
        command.ensure_finalized()
        command.run()
        # Not overwritten in place: a program that runs has the old one open.
        made = Path(command.get_ext_fullpath("_native"))
        target = folder / made.name
        shutil.copy(made, target.with_suffix(".new"))
        target.with_suffix(".new").replace(target)
        return target


def get_build_hook() -> type[BuildHookInterface[Any]]:
    """How hatchling finds it."""
    return Native
