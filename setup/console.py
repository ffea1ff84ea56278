"""What the set-up prints, and how it runs other programs."""

import subprocess
import sys
import time

_started = time.monotonic()


class SetupError(SystemExit):
    """A step that cannot go on. The message says what is missing and what to do."""

    def __init__(self, message):
        super().__init__(f"\nerror: {message}")


def _report(kind, error, traceback):
    """Ctrl-C is no fault of the program: say what it means instead of a traceback."""
    if issubclass(kind, KeyboardInterrupt):
        print("\ninterrupted; the same command goes on from here", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = _report


def step(number, total, message):
    """Announce step `number` of `total`."""
    elapsed = time.monotonic() - _started
    print(f"[{number}/{total}] {message}  ({elapsed:.0f} s so far)", flush=True)


def say(message):
    """Print a detail of the current step."""
    print(f"      {message}", flush=True)


def run(command, *, env=None, cwd=None, log=None, quiet=True):
    """Run `command` and return its standard output.

    With `log`, both streams are appended to that file instead. A failure raises
    SetupError with the last lines of what the program printed.
    """
    command = [str(part) for part in command]
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            code = subprocess.call(
                command, env=env, cwd=cwd, stdout=stream, stderr=subprocess.STDOUT
            )
        output = log.read_text(errors="replace") if code else ""
    else:
        result = subprocess.run(
            command,
            env=env,
            cwd=cwd,
            text=True,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
        )
        code, output = result.returncode, result.stdout or ""
    if code:
        tail = "\n".join(output.splitlines()[-25:])
        raise SetupError(f"`{' '.join(command[:6])}` ended with code {code}.\n{tail}")
    return output


def stream(command, *, label=None, **kwargs):
    """Run `command` with its output shown as it comes; return its exit code.

    With `label`, each line begins with it: of programs that run beside each other.
    """
    command = [str(part) for part in command]
    sys.stdout.flush()
    if not label:
        return subprocess.call(command, **kwargs)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **kwargs,
    ) as process:
        for line in process.stdout:
            print(f"{label} | {line}", end="", flush=True)
    return process.returncode
