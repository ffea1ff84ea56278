"""`make lint`: run every linter over all files of the checkout."""

import os
import shutil

from console import SetupError, stream
from paths import ROOT, VENV

PRE_COMMIT = VENV / "bin" / "pre-commit"


def main():
    """Run pre-commit on all files; the first time it fetches the linters."""
    missing = [name for name in ("git", "node", "npm") if not shutil.which(name)]
    if missing:
        raise SetupError(
            f"The linters need {' and '.join(missing)}, which this machine lacks."
            " On Debian and Ubuntu: apt-get install git nodejs npm."
        )
    if not (ROOT / ".git").exists():
        raise SetupError("The linters take the list of files from git: use a checkout.")
    # Inside the checkout like all else, so that nothing of another project is touched.
    environment = dict(os.environ, PRE_COMMIT_HOME=str(ROOT / ".odoo" / "linters"))
    return stream(
        [PRE_COMMIT, "run", "--all-files", "--color=auto"], cwd=ROOT, env=environment
    )


if __name__ == "__main__":
    raise SystemExit(main())
