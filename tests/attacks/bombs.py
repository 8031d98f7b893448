"""Bombs: processes, memory, disk, time, and work that outlives its cell."""

from dataclasses import replace

from tests.attacks.attack import LIMITS, Attack

SHORT = replace(LIMITS, submission_s=3)

ATTACKS = (
    Attack(
        "fork bomb",
        "forks without end",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    ),
    Attack(
        "fork bomb in a call",
        "forks without end once a hidden test calls",
        "import os\ndef norm(x, p):\n    while True:\n        try: os.fork()\n"
        "        except OSError: pass",
        limits=SHORT,
    ),
    Attack(
        "orphans",
        "two hundred processes that give up their parent and sleep",
        "import os, time\nfor _ in range(200):\n    if os.fork() == 0:\n"
        "        os.setsid()\n        if os.fork() == 0: time.sleep(600)\n        os._exit(0)\n"
        "tell('two hundred processes')",
    ),
    Attack(
        "threads",
        "more threads than a notebook may have",
        "import threading, time\nfor _ in range(5000):\n"
        "    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        "tell('five thousand threads')",
    ),
    Attack(
        "memory",
        "takes all memory at once and piece by piece",
        "import numpy as np\nkept = []\n"
        "try: np.ones(2**31)\nexcept MemoryError: pass\n"
        "try:\n    for _ in range(10): kept.append(bytearray(100 * 2**20))\n"
        "    tell('a gigabyte')\nexcept MemoryError: kept.clear()\n"
        "def norm(x, p): return [0] * 10**10",
    ),
    Attack(
        "shared memory",
        "takes memory that counts as shared, which limits on private memory do not see",
        "import mmap\nkept = mmap.mmap(-1, 900 * 2**20)\n"
        "for at in range(0, len(kept), 4096): kept[at] = 1\n"
        "import time\ntime.sleep(0.5)\ntell('900 MiB')",
    ),
    Attack(
        "files in memory",
        "fills files that have no name and no folder",
        "import os\nblock, held = b'x' * 2**20, 0\nfor n in range(40):\n"
        "    fd = os.memfd_create(str(n))\n"
        "    for _ in range(20): held += os.write(fd, block)\n"
        "import time\ntime.sleep(0.5)\ntell(held)",
    ),
    Attack(
        "memory in pieces",
        "many processes that each take little",
        "import os, time\nfor _ in range(12):\n"
        "    if os.fork() == 0:\n        kept = os.urandom(100 * 2**20); time.sleep(600)\n"
        "time.sleep(1.5)\ntell('more than a gigabyte')",
    ),
    Attack(
        "memory in pipes",
        "fills the buffers of pipes and sockets, which belong to nobody",
        "import os, socket, fcntl\nheld = 0\nkept = []\ntry:\n    while True:\n"
        "        r, w = os.pipe(); kept += [r, w]\n        os.set_blocking(w, False)\n"
        "        try: fcntl.fcntl(w, 1031, 2**20)\n        except OSError: pass\n"
        "        try: held += os.write(w, b'x' * 2**20)\n        except BlockingIOError: pass\n"
        "except OSError: pass\nif held > 512 * 2**20: tell(held)",
    ),
    Attack(
        "disk",
        "fills every folder that can be written",
        "written = 0\nblock = b'x' * 2**20\nfor folder in ('/tmp', '/dev/shm', '/tmp/work'):\n"
        "    for n in range(20):\n"
        "        try:\n            with open(f'{folder}/{n}', 'wb') as f:\n"
        "                for _ in range(16): written += f.write(block)\n"
        "        except OSError: pass\n"
        "if written > 100 * 2**20: tell(written)",
    ),
    Attack(
        "many files",
        "a hundred thousand empty files",
        "import os\ntry:\n    for n in range(10**5): os.close(os.open(f'/tmp/{n}', os.O_CREAT))\n"
        "except OSError: pass\ndef norm(x, p): return 0",
    ),
    Attack(
        "endless loop",
        "loops for ever in a cell and in calls",
        "def norm(x, p):\n    while True: pass",
        "while True: pass",
        limits=SHORT,
    ),
    Attack(
        "a loop that cannot be interrupted",
        "one operation in C that takes for ever, with every signal ignored",
        "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n10 ** 10 ** 9",
    ),
    Attack(
        "sleep",
        "sleeps through every call",
        "import time\ndef norm(x, p): time.sleep(3600)\ndef add(A, B, C): time.sleep(3600)",
        limits=SHORT,
    ),
    Attack(
        "endings",
        "ends its process in the cell and in every call",
        "import os\ndef norm(x, p): os._exit(0)\nadd = lambda A, B, C: os.abort()",
        "import ctypes\ndef add(A, B, C): ctypes.string_at(0)",
    ),
    Attack(
        "work at the end",
        "leaves work for the interpreter's end, a thread and a timer",
        "import atexit, threading, signal, time\n"
        "def later():\n    for _ in range(100):\n"
        "        open('/tmp/later', 'a').write('x'); time.sleep(0.1)\n"
        "atexit.register(later)\nthreading.Thread(target=later).start()\n"
        "signal.signal(signal.SIGALRM, lambda *a: later())\nsignal.setitimer(0, 0.5, 0.5)\n"
        "class End:\n    def __del__(self): later()\nend = End()",
    ),
    Attack(
        "a process that answers later",
        "a child keeps the wire and answers for its parent, which ends",
        "import os, time\ndef norm(x, p):\n    if os.fork() == 0: return 1.25\n    return 0.0",
    ),
    Attack(
        "a stopped process",
        "stops itself for good",
        "import os, signal\ndef norm(x, p): os.kill(os.getpid(), signal.SIGSTOP)\n"
        "os.kill(os.getpid(), signal.SIGTSTP)",
        limits=SHORT,
    ),
    Attack(
        "a hard cell to compile",
        "a cell that takes compiler and parser to their limits",
        "x = " + "(" * 180 + "1" + ")" * 180 + "\ny = " + "-" * 20_000 + "1",
        "z = " + "+".join("1" * 30_000) + "\nimport re\nre.match('(a*)*b', 'a' * 40)",
    ),
    Attack(
        "a hard pattern",
        "a cell that IPython's own input rules take long to read",
        "%%" * 20_000 + "\n" + "? " * 20_000 + "\n" + "\\\n" * 20_000,
    ),
)
