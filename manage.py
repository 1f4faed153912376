#!/usr/bin/env python
"""Parley's command line: Django's commands, and `first_facilitator`, `demo`, `doctor`, `backup` and their kin."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def refuse_a_package_named_platform() -> None:
    """An `__init__.py` there hides Python's own `platform`: Celery, WeasyPrint and uuid fail misleadingly."""
    stray = HERE / "platform" / "__init__.py"
    if stray.exists():
        sys.exit(f"{stray} must not exist: platform/ is a plain folder. Delete that file (docs/architecture.md).")


def main() -> None:
    refuse_a_package_named_platform()
    sys.path[:0] = [str(HERE), str(HERE / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
