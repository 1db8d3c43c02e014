"""What moto knows, kept over a restart."""

import builtins
import importlib
import os
import pickle
import threading
import types
import weakref

import moto.backends
import moto.server
from moto.core.base_backend import BackendDict, BaseBackend


def remember_in(path):
    """Reads what an earlier server wrote there, if any, and has this one write it when it is asked to end."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            for (service, account_id, region), state in StateUnpickler(file).load().items():
                moto.backends.get_backend(service)[account_id][region].__dict__.update(state)

    def save_and_end(_signal, _frame):
        with open(f"{path}.new", "wb") as file:
            StatePickler(file).dump({key: backend.__dict__ for key, backend in all_backends()})
        os.replace(f"{path}.new", path)
        # At once: the threads of open connections would keep the server alive.
        os._exit(0)

    moto.server.signal_handler = save_and_end


def all_backends():
    """What moto holds, by service, account and region."""
    for backends in BackendDict._instances:
        for account_id, regions in list(backends.items()):
            for region, backend in list(regions.items()):
                yield (backends.service_name, account_id, region), backend


class StatePickler(pickle.Pickler):
    """Leaves out what belongs to one process: locks are made anew, and backends refer to each other by name."""

    def persistent_id(self, obj):
        if isinstance(obj, BaseBackend):
            return next(key for key, backend in all_backends() if backend is obj)
        return None

    def reducer_override(self, obj):
        if isinstance(obj, weakref.WeakValueDictionary):
            return weakref.WeakValueDictionary, (dict(obj),)
        if isinstance(obj, threading.Condition):
            return threading.Condition, ()
        if isinstance(obj, type(threading.Lock())):
            return threading.Lock, ()
        if isinstance(obj, types.ModuleType):
            return importlib.import_module, (obj.__name__,)
        if isinstance(obj, types.FunctionType) and obj.__name__ == "<lambda>":
            # The only one in moto's state: what an unknown function's aliases are.
            return getattr, (builtins, "dict")
        return NotImplemented


class StateUnpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        service, account_id, region = pid
        return moto.backends.get_backend(service)[account_id][region]
