"""Ways out of the sandbox: files, links, /proc, the environment, signals, namespaces, sockets."""

from tests.attacks.attack import Attack

CALLS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attempt(what, *a):
    if libc.syscall(*a) >= 0: tell(what)
"""

ATTACKS = (
    Attack(
        "a file of the host",
        "reads, changes and removes a file of the grader's own user",
        "import os\nfor mode in ('r', 'a', 'w'):\n"
        "    try:\n        with open('CANARY_FILE', mode) as f: tell(f.read() if mode =="
        " 'r' else 1)\n"
        "    except OSError: pass\n"
        "try: os.remove('CANARY_FILE')\nexcept OSError: pass\n"
        "os.makedirs(os.path.dirname('CANARY_FILE'), exist_ok=True)\n"
        "open('CANARY_FILE', 'w').write('owned')",
    ),
    Attack(
        "hidden tests on disk",
        "looks for tests, the gradebook and the source notebook in every folder",
        "import os\nfor folder, folders, files in os.walk('/'):\n"
        "    folders[:] = [f for f in folders if f not in ('proc', 'site-packages',"
        " 'dist-packages',\n"
        "                                                  'python3.11', 'lib', 'share',"
        " 'include')]\n"
        "    for name in files:\n"
        "        if name in ('gradebook.db', 'nbgrader_config.py', 'engine.py',"
        " 'roster.csv') or \\\n"
        "                name.startswith(('test_sm', 'mistakes_')): tell(folder + '/' + name)",
    ),
    Attack(
        "code beside the worker",
        "writes into the worker's package, Python and the system",
        "import os, sys, site\n"
        "folders = ['/sandbox/worker_package', sys.prefix, *site.getsitepackages(),"
        " '/usr/bin', '/',\n"
        "           '/etc', '/dev', os.path.dirname(os.__file__), '/usr/local/bin',"
        " '/root', '/work']\n"
        "for folder in folders:\n"
        "    try:\n        open(folder + '/owned.pth', 'w').write('import os')\n       "
        " tell(folder)\n"
        "    except OSError: pass\n"
        "    try: os.chmod(folder, 0o777)\n    except OSError: pass\n"
        "    if os.stat(folder).st_mode & 0o777 == 0o777: tell(folder)",
    ),
    Attack(
        "gradebook",
        "writes a gradebook, a report and a configuration where a grader would read them",
        "import pathlib, sqlite3\n"
        "for name in ('gradebook.db', 'report.json', 'score.txt', '../nbgrader_config.py',\n"
        "             '/tmp/nbgrader_config.py'):\n"
        "    try: pathlib.Path(name).write_text('10')\n    except OSError: pass\n"
        "def norm(x, p): return 10",
    ),
    Attack(
        "symbolic links",
        "links to files of the host, through /proc as well",
        "import os\ntargets = ['CANARY_FILE', '/proc/1/root/CANARY_FILE',"
        " '/proc/1/cwd/CANARY_FILE',\n"
        "           '/proc/self/root/../CANARY_FILE', '/proc/1/environ/../root/etc/shadow']\n"
        "for number, target in enumerate(targets):\n    name = f'link{number}'\n"
        "    os.symlink(target, name)\n"
        "    try: tell(open(name).read())\n    except OSError: pass\n"
        "os.replace('link0', '/tmp/work/small.ipynb')",
    ),
    Attack(
        "hard links",
        "makes hard links and special files",
        "import os\ntry:\n    os.link('/usr/bin/env', '/tmp/env'); tell('link')\nexcept"
        " OSError: pass\n"
        "for kind in (0o060000, 0o020000):\n"
        "    try:\n        os.mknod('/tmp/device', kind | 0o666, os.makedev(8, 0));"
        " tell('device')\n"
        "    except OSError: pass\n"
        "os.mkfifo('/tmp/work/fifo')",
    ),
    Attack(
        "environment of the first process",
        "reads the environment with which the sandbox was started",
        "import os\ntell_ = [open(f'/proc/{p}/environ', 'rb').read()\n"
        "         for p in os.listdir('/proc') if p.isdigit()]\n"
        "print(b' '.join(tell_).decode('utf-8', 'replace'), dict(os.environ))",
    ),
    Attack(
        "memory of the first process",
        "reads the memory of bubblewrap, where the grader's environment and secrets may lie",
        "for line in open('/proc/1/maps'):\n"
        "    start, end = (int(v, 16) for v in line.split()[0].split('-'))\n"
        "    if not line.rstrip().endswith(('[heap]', '[stack]')): continue\n"
        "    with open('/proc/1/mem', 'rb', 0) as memory:\n"
        "        memory.seek(start); print(memory.read(end - start).replace(b'\\0', b''))",
    ),
    Attack(
        "settings of the kernel",
        "opens the settings of the whole machine for writing, and leaves them as they are",
        "import os\n"
        "for name in ('sys/kernel/core_pattern', 'sys/kernel/panic', 'sysrq-trigger',\n"
        "             'sys/vm/overcommit_memory', 'sys/vm/drop_caches', 'sys/kernel/pid_max',\n"
        "             'sys/user/max_user_namespaces', 'sys/fs/binfmt_misc/register'):\n"
        "    try:\n        os.close(os.open('/proc/' + name, os.O_WRONLY)); tell(name)\n"
        "    except OSError: pass",
    ),
    Attack(
        "signals",
        "signals every process it can name, the grader's among them",
        "import os, signal\nfor pid in (CANARY_PID, 1, os.getppid(), -1):\n"
        "    for sign in (signal.SIGSTOP, signal.SIGKILL):\n"
        "        try:\n            os.kill(pid, sign)\n"
        "            if pid == CANARY_PID: tell(pid)\n"
        "        except OSError: pass\n"
        "os.killpg(0, signal.SIGKILL)",
    ),
    Attack(
        "a debugger",
        "traces and reads other processes, by system calls",
        CALLS + "for pid in (1, CANARY_PID):\n"
        "    attempt('attach', 101, 16, pid, 0, 0)\n    attempt('seize', 101, 0x4206, pid, 0, 0)\n"
        "    attempt('pidfd', 434, pid, 0) if pid != 1 else None\n"
        "    attempt('priority', 141, 0, pid, 19) if pid != 1 else None",
    ),
    Attack(
        "devices",
        "sets the rights of the host's devices, to what they are",
        "import os\nfor name in ('null', 'zero', 'full', 'random', 'urandom', 'tty'):\n"
        "    path = '/dev/' + name\n    before = os.stat(path)\n"
        "    try: os.chmod(path, before.st_mode & 0o7777)\n    except OSError: pass\n"
        "    if os.stat(path).st_ctime_ns != before.st_ctime_ns: tell(name)",
    ),
    Attack(
        "namespaces",
        "makes and enters namespaces, to be root in one",
        CALLS + "for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000):\n"
        "    attempt(f'unshare {flag:x}', 272, flag)\n"
        "    attempt(f'unshare with user {flag:x}', 272, flag | 0x10000000)\n"
        "for name in os.listdir('/proc/1/ns'):\n"
        "    try: fd = os.open('/proc/1/ns/' + name, os.O_RDONLY)\n    except OSError: continue\n"
        "    attempt('setns ' + name, 308, fd, 0)",
    ),
    Attack(
        "clone into namespaces",
        "clones a process into a user namespace of its own",
        CALLS + "for flag in (0x10000000, 0x10020000):\n"
        "    pid = libc.syscall(56, flag | 17, 0, 0, 0, 0)\n"
        "    if pid == 0: os._exit(0)\n    if pid > 0: tell('clone')\n"
        "args = (ctypes.c_uint64 * 8)(0x10000000, 0, 0, 0, 17, 0, 0, 0)\n"
        "pid = libc.syscall(435, args, 64)\nif pid == 0: os._exit(0)\nif pid > 0: tell('clone3')",
    ),
    Attack(
        "mounts",
        "mounts, unmounts, makes writable and moves the root",
        CALLS + "attempt('mount', 165, b'none', b'/tmp', b'tmpfs', 0, 0)\n"
        "attempt('remount', 165, b'', b'/usr', b'', 0x1020, 0)\n"
        "attempt('bind', 165, b'/', b'/tmp', b'', 4096, 0)\n"
        "attempt('umount', 166, b'/proc', 2)\nattempt('pivot', 155, b'/tmp', b'/tmp/work')\n"
        "attempt('chroot', 161, b'/tmp')\nattempt('fsopen', 430, b'tmpfs', 0)\n"
        "attempt('open_tree', 428, -100, b'/', 1)\n"
        "attempt('setattr', 442, -100, b'/usr', 0, 0, 0)",
    ),
    Attack(
        "corners of the kernel",
        "calls that have opened kernels before: bpf, io_uring, keys, userfaultfd, modules",
        CALLS + "attempt('bpf', 321, 0, 0, 0)\nattempt('io_uring', 425, 1, 0)\n"
        "attempt('add_key', 248, b'user', b'canary', b'x', 1, -3)\n"
        "attempt('keyctl', 250, 0, -3, 0)\nattempt('userfaultfd', 323, 1)\n"
        "attempt('perf', 298, 0, 0, -1, -1, 0)\nattempt('module', 175, 0, 0, b'')\n"
        "attempt('handle', 303, -100, b'/', 0, 0, 0)\nattempt('kexec', 246, 0, 0, 0, 0)\n"
        "attempt('reboot', 169, 0, 0, 0, 0)\nattempt('setuid', 105, 0)\n"
        "attempt('hostname', 170, b'owned', 5)\nattempt('settime', 227, 0, 0)",
    ),
    Attack(
        "the old numbering of calls",
        "makes 32-bit and x32 system calls, which a filter may not know",
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "if os.fork() == 0:\n"
        "    if libc.syscall(0x40000000 | 39) > 0: open('/tmp/x32', 'w').close()\n"
        "    os._exit(0)\nos.wait()\nif os.path.exists('/tmp/x32'): tell('x32')",
    ),
    Attack(
        "privileged programs",
        "runs programs that have another user's rights",
        "import subprocess\n"
        "for command in ('su -c id', 'sudo -n id', 'mount', 'bwrap --ro-bind / / id', 'newgrp'):\n"
        "    try:\n        done = subprocess.run(command.split(), capture_output=True, timeout=1)\n"
        "    except (OSError, subprocess.SubprocessError): continue\n"
        "    if b'uid=0' in done.stdout: tell(command)",
    ),
    Attack(
        "the loopback",
        "speaks to a server of the grader's host on 127.0.0.1",
        "import socket\nfor host in ('127.0.0.1', '::1', 'localhost'):\n"
        "    try: socket.create_connection((host, CANARY_PORT), 0.3).send(b'owned'); tell(host)\n"
        "    except OSError: pass",
    ),
    Attack(
        "sockets without addresses",
        "speaks to a server of the host by an abstract and by a named Unix socket",
        "import socket\nfor name in ('\\0CANARY_SOCKET', 'CANARY_FILE.socket'):\n"
        "    try:\n        s = socket.socket(socket.AF_UNIX); s.connect(name); tell(name)\n"
        "    except OSError: pass",
    ),
    Attack(
        "interfaces",
        "looks for a way out: interfaces, routes, raw packets",
        "import socket\n"
        "try:\n    up = [n for _, n in socket.if_nameindex() if n != 'lo']\n    if up: tell(up)\n"
        "except OSError: pass\n"
        "for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET,"
        " socket.SOCK_RAW)):\n"
        "    try: socket.socket(family, kind); tell(family)\n    except OSError: pass",
    ),
    Attack(
        "virtual machine sockets",
        "makes a socket to the machine's own host, which no network namespace holds back",
        "import socket\ntry: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()\n"
        "except OSError: pass\nelse: tell('a socket beside the network')",
    ),
    Attack(
        "shared memory",
        "leaves System V and POSIX objects for the next submission",
        CALLS + "from multiprocessing import shared_memory\n"
        "shared_memory.SharedMemory('canary_attack', create=True, size=4096)\n"
        "libc.syscall(29, 51377, 4096, 0o1666)\nlibc.syscall(68, 51377, 0o1666)\n"
        "libc.syscall(64, 51377, 1, 0o1666)\nlibc.syscall(240, b'canary_attack', 66, 0o666, 0)",
    ),
    Attack(
        "the terminal",
        "types into the grader's terminal",
        "import fcntl, os\nfor name in ('/dev/tty', '/dev/console', '/dev/pts/0', '/dev/ptmx'):\n"
        "    try:\n        fd = os.open(name, os.O_RDWR | os.O_NOCTTY)\n"
        "        if name != '/dev/ptmx': fcntl.ioctl(fd, 0x5412, b'x'); tell(name)\n"
        "    except OSError: pass",
    ),
    Attack(
        "limits",
        "raises its own limits and its priority",
        "import os, resource\n"
        "for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_NPROC,\n"
        "             resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n"
        "    try:\n        resource.setrlimit(kind, (-1, -1)); tell(kind)\n"
        "    except (ValueError, OSError): pass\n"
        "try: os.nice(-5); tell('nice')\nexcept OSError: pass\n"
        "try: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); tell('real time')\n"
        "except OSError: pass",
    ),
)
