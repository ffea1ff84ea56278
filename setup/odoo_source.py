"""Find or fetch Odoo 19 Community.

In this order: the folder ODOO_HOME names; an earlier fetch; the Debian package
`odoo-19`, through the mirror of this machine's own apt sources but with a private
apt state, so that nothing is installed and no root is needed; a shallow clone.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from console import SetupError, run, say
from paths import ODOO_TREE, STATE

ODOO_GIT_URL = "https://github.com/odoo/odoo.git"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The web client of the Debian package has relative links into these packages.
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-font-awesome",
)
# Of these the web client needs an older version than unstable has: with Font Awesome 7
# every icon is blank, and Inconsolata 3 no longer has the file that is linked to.
OLDER_VERSIONS = {
    "fonts-font-awesome": re.compile(r"(^|really)4\.7\."),
    "fonts-inconsolata": re.compile(r"^001\."),
}
# The Debian release that has those versions.
OLDER_SUITE = "bookworm"
# The package lacks it, though mail's manifest lists it; browser tests fail without.
MISSING_FILES = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
DONE_MARK = STATE / "odoo.done"


def find_or_fetch():
    """Return the folder that holds the `odoo` package, fetching it where needed."""
    home = os.environ.get("ODOO_HOME")
    if home:
        folder = _package_root(Path(home).expanduser().resolve())
        if not folder:
            raise SetupError(f"ODOO_HOME is {home}, but no Odoo 19.0 was found there.")
        say(f"Odoo of ODOO_HOME: {folder}")
        return folder
    if DONE_MARK.exists():
        folder = _package_root(ODOO_TREE)
        if folder:
            say("Odoo is already here")
            return folder
    shutil.rmtree(ODOO_TREE, ignore_errors=True)
    reasons = []
    for fetch in (_fetch_debian_package, _clone):
        try:
            fetch()
        except SetupError as error:
            reasons.append(str(error).strip())
            say(f"not this way: {reasons[-1].splitlines()[0]}")
            shutil.rmtree(ODOO_TREE, ignore_errors=True)
            continue
        folder = _package_root(ODOO_TREE)
        if folder:
            DONE_MARK.touch()
            return folder
    raise SetupError(
        "Odoo 19 could not be fetched. Set ODOO_HOME to a folder that holds it.\n"
        + "\n".join(reasons)
    )


def addons_paths(root):
    """The folders of Odoo's own addons below `root`, in Odoo's own order."""
    return [
        path for path in (root / "odoo" / "addons", root / "addons") if path.is_dir()
    ]


def _package_root(folder):
    """The folder below `folder` that has `odoo/release.py` of version 19.0, or None."""
    for candidate in (folder, folder / "usr/lib/python3/dist-packages", folder.parent):
        release = candidate / "odoo" / "release.py"
        if release.exists() and re.search(
            r"version_info\s*=\s*\(19,\s*0\b", release.read_text()
        ):
            return candidate
    return None


# --- the Debian package -------------------------------------------------------------


def _fetch_debian_package():
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise SetupError(f"no {program} on this machine, so no Debian package")
    if not KEYRING.exists():
        raise SetupError(f"{KEYRING} is missing (package debian-archive-keyring)")
    apt = PrivateApt(STATE / "apt")
    say("reading the package lists of Debian's mirror")
    apt.update(["unstable", OLDER_SUITE])
    downloads = STATE / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    wanted = ["odoo-19"]
    for name in LINKED_PACKAGES:
        pattern = OLDER_VERSIONS.get(name)
        wanted.append(f"{name}={apt.version(name, pattern)}" if pattern else name)
    say("downloading the Odoo package (about 130 MB with its fonts and scripts)")
    apt.download(wanted, downloads)
    partial = ODOO_TREE.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    say("extracting (1.2 GB)")
    for package in sorted(downloads.glob("*.deb")):
        run(["dpkg-deb", "-x", package, partial])
    _complete(partial)
    partial.rename(ODOO_TREE)
    shutil.rmtree(downloads)


def _complete(tree):
    addons = tree / "usr/lib/python3/dist-packages/odoo/addons"
    other = tree / "usr/lib/python3/dist-packages/addons"
    for name in MISSING_FILES:
        for root in (addons, other):
            if (root / name.split("/")[0]).is_dir():
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
    # psycopg2 has no wheels; psycopg2-binary is the same module with one.
    for metadata in tree.glob("usr/lib/python3/dist-packages/odoo-19.0.egg-info/*"):
        if metadata.name in ("PKG-INFO", "requires.txt"):
            metadata.write_text(
                re.sub(r"\bpsycopg2\b(?!-)", "psycopg2-binary", metadata.read_text())
            )
    dangling = [
        path for path in tree.rglob("*") if path.is_symlink() and not path.exists()
    ]
    if dangling:
        names = "\n".join(
            f"  {p.relative_to(tree)} -> {os.readlink(p)}" for p in dangling
        )
        raise SetupError(f"these links of the Odoo package lead nowhere:\n{names}")


class PrivateApt:
    """apt with lists, sources and downloads of its own below `folder`.

    The machine's other apt settings (proxy, certificates) still hold.
    """

    def __init__(self, folder):
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        self.sources = folder / "sources.list"
        config = folder / "apt.conf"
        config.write_text(
            f'Dir::Etc::sourcelist "{self.sources}";\n'
            'Dir::Etc::sourceparts "/dev/null";\n'
            f'Dir::State "{folder}";\n'
            f'Dir::State::lists "{folder}/lists";\n'
            f'Dir::State::status "{folder}/status";\n'
            f'Dir::Cache "{folder}/cache";\n'
            'Acquire::Languages "none";\n'
            # The lists are written as whoever runs this, not as apt's own user,
            # who may not enter the checkout.
            'APT::Sandbox::User "";\n'
        )
        self.env = dict(os.environ, APT_CONFIG=str(config), LC_ALL="C")

    def mirror(self):
        """The address of the Debian archive that this machine's own sources name."""
        texts = []
        for path in [
            Path("/etc/apt/sources.list"),
            *sorted(Path("/etc/apt/sources.list.d").glob("*")),
        ]:
            if path.suffix in (".list", ".sources") and path.is_file():
                texts.append(path.read_text(errors="replace"))
        lines = [
            line
            for line in "\n".join(texts).splitlines()
            if not line.lstrip().startswith("#")
        ]
        for url in re.findall(
            r"\bhttps?://\S+|\bmirror\+\S+|\bfile:\S+", "\n".join(lines)
        ):
            if re.search(r"/debian/?$", url):
                return url
        raise SetupError("this machine's apt sources name no Debian mirror")

    def update(self, suites):
        """Fetch the package lists of `suites`."""
        mirror = self.mirror()
        self.sources.write_text(
            "".join(
                f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites
            )
        )
        self._run("apt-get", "-q", "update", "-o", "APT::Update::Error-Mode=any")

    def version(self, package, pattern):
        """The first version of `package` on the mirror that `pattern` finds."""
        for line in self._run("apt-cache", "madison", package).splitlines():
            version = line.split("|")[1].strip()
            if pattern.search(version):
                return version
        raise SetupError(f"the mirror has no {package} of a version {pattern.pattern}")

    def download(self, packages, folder):
        """Download `packages` into `folder`, checked against the signed lists."""
        self._run("apt-get", "-q", "download", *packages, cwd=folder)

    def _run(self, *command, cwd=None):
        return run(command, env=self.env, cwd=cwd)


# --- the clone ----------------------------------------------------------------------


def _clone():
    url = os.environ.get("ODOO_GIT_URL", ODOO_GIT_URL)
    say(f"cloning the 19.0 branch of {url}")
    probe = subprocess.run(
        ["git", "ls-remote", "--exit-code", url, "refs/heads/19.0"],
        capture_output=True,
        timeout=60,
        env=dict(os.environ, GIT_TERMINAL_PROMPT="0"),
        check=False,
    )
    if probe.returncode:
        raise SetupError(f"{url} cannot be reached")
    run(["git", "clone", "--depth", "1", "--branch", "19.0", url, ODOO_TREE])
