"""Runs a command in a pseudo-terminal: waits for a text, then types or resizes, step by step. Prints what there was to see, and the exit code.

Standard input: {"argv": [...], "cwd": "...", "steps": [{"await": "...", "type": "..."} | {"await": "...", "resize": [rows, columns]}
| {"await": "...", "resume": true}]}
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 60

plan = json.load(sys.stdin)
child, screen = pty.fork()
if child == 0:
    os.chdir(plan["cwd"])
    os.execvpe(plan["argv"][0], plan["argv"], {**os.environ, "NO_COLOR": "1", "TERM": "xterm"})


def resize(rows, columns):
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(24, 100)
seen = b""
looked = 0
steps = list(plan["steps"])
end = time.time() + LIMIT
while time.time() < end:
    ready, _, _ = select.select([screen], [], [], 0.1)
    if ready:
        try:
            data = os.read(screen, 65536)
        except OSError:
            data = b""
        if not data:
            break
        seen += data
    while steps and steps[0]["await"].encode() in seen[looked:]:
        step = steps.pop(0)
        looked = seen.index(step["await"].encode(), looked) + len(step["await"].encode())
        if "resize" in step:
            resize(*step["resize"])
        elif "resume" in step:
            # Ctrl-Z, which stops nobody in a session without a shell, and what a shell sends after it.
            os.write(screen, b"\x1a")
            time.sleep(0.5)
            os.kill(child, signal.SIGCONT)
        else:
            os.write(screen, step["type"].encode())
else:
    os.kill(child, signal.SIGKILL)
_, status = os.waitpid(child, 0)
json.dump({"screen": seen.decode(errors="replace"), "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status), "left": len(steps)}, sys.stdout)
