"""The worker of worker.ts for variants in Python; without arguments, nothing but Python."""

import importlib.util
import json
import os
import resource
import sys


def cpu_microseconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return round((usage.ru_utime + usage.ru_stime) * 1e6)


def rss_bytes():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def answer(**answered):
    os.write(3, (json.dumps(answered) + "\n").encode())


handler = None
if len(sys.argv) > 1:
    specification = importlib.util.spec_from_file_location("variant", sys.argv[1])
    variant = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(variant)
    handler = variant.handler
answer(cpuMicroseconds=cpu_microseconds(), rssBytes=rss_bytes())

if handler is not None:
    with open(sys.argv[2], encoding="utf-8") as file:
        event = json.load(file)
    number = 0
    for line in sys.stdin:
        before = cpu_microseconds()
        for _ in range(int(line)):
            handler({**event, "id": f"event-{number}"})
            number += 1
        answer(cpuMicroseconds=cpu_microseconds() - before, rssBytes=rss_bytes())
