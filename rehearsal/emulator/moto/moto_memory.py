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
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from moto.core.base_backend import BackendDict, BaseBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication


def remember_in(path):
    """Reads what an earlier server wrote there, if any, and has this one write it when it is asked to end."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            for (service, account_id, region), state in StateUnpickler(file).load().items():
                moto.backends.get_backend(service)[account_id][region].__dict__.update(state)

    door = Door()
    answer = DomainDispatcherApplication.__call__
    DomainDispatcherApplication.__call__ = lambda *args: door.let_through(answer, *args)

    def save_and_end(_signal, _frame):
        # What is written from here on would be answered, and forgotten.
        door.close()
        with open(f"{path}.new", "wb") as file:
            StatePickler(file).dump({key: backend.__dict__ for key, backend in all_backends()})
        os.replace(f"{path}.new", path)
        # At once: the threads of open connections would keep the server alive.
        os._exit(0)

    moto.server.signal_handler = save_and_end


class Door:
    """Lets requests in until it is closed; those that come later find their connection cut when the server ends."""

    def __init__(self):
        self.inside = 0
        self.is_closed = False
        self.changed = threading.Condition()

    def let_through(self, answer, application, environ, start_response):
        # Invoking a function changes nothing here, and takes until the function's own requests are answered.
        if environ["PATH_INFO"].endswith("/invocations"):
            return answer(application, environ, start_response)
        with self.changed:
            self.changed.wait_for(lambda: not self.is_closed)
            self.inside += 1
        try:
            return answer(application, environ, start_response)
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def close(self):
        """Waits for those inside."""
        with self.changed:
            self.is_closed = True
            self.changed.wait_for(lambda: self.inside == 0)


def all_backends():
    """What moto holds, by service, account and region."""
    for backends in BackendDict._instances:
        for account_id, regions in list(backends.items()):
            for region, backend in list(regions.items()):
                yield (backends.service_name, account_id, region), backend


def load_private_key(pem):
    return load_pem_private_key(pem, password=None)


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
        if isinstance(obj, rsa.RSAPrivateKey):
            return load_private_key, (obj.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),)
        if isinstance(obj, x509.Certificate):
            return x509.load_pem_x509_certificate, (obj.public_bytes(Encoding.PEM),)
        if isinstance(obj, types.FunctionType) and obj.__name__ == "<lambda>":
            # The only one in moto's state: what an unknown function's aliases are.
            return getattr, (builtins, "dict")
        return NotImplemented


class StateUnpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        service, account_id, region = pid
        return moto.backends.get_backend(service)[account_id][region]
